package io.ringcast.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Holds the map to the code: its links lead somewhere, and each step of the walk says of itself what the map says. */
final class ArchitectureDocTest
{
    private static final Pattern LINK = Pattern.compile("(?m)^\\[(\\w+)]: (\\S+)$");
    private static final Pattern STEP = Pattern.compile("(?m)^\\| (\\d) \\| \\[(\\w+)].*? \\| ");

    private final DocPage page = DocPage.read("architecture.md");

    @Test
    void shouldLinkToClassesThatAreThere()
    {
        final List<String> links = LINK.matcher(page.text()).results().map(link -> link.group(2)).toList();

        assertTrue(links.size() > 50, "too few links: " + links.size());
        assertEquals(List.of(), links.stream().filter(link -> Files.notExists(file(link))).toList());
    }

    @Test
    void shouldGiveEachStepItsThreadItsOwnerAndTheNext() throws IOException
    {
        final List<MatchResult> steps = STEP.matcher(page.text()).results().toList();

        assertEquals(
            IntStream.rangeClosed(1, 7).mapToObj(String::valueOf).toList(),
            steps.stream().map(step -> step.group(1)).toList());
        for (final MatchResult step : steps)
        {
            final String target = LINK.matcher(page.text()).results()
                .filter(link -> link.group(1).equals(step.group(2))).findFirst().orElseThrow().group(2);
            final String source = Files.readString(file(target));
            final String number = "Step</b> " + step.group(1) + " of 7";
            for (final String line : List.of(number, "Thread</b>", "Owns</b>", "Next</b>"))
            {
                assertTrue(source.contains(" * <li><b>" + line), step.group(2) + " does not say " + line);
            }
        }
    }

    private static Path file(final String link)
    {
        return Path.of("..", "docs").resolve(link);
    }
}
