package io.ringcast.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/threading.md to the code: whatever several threads share, and each lock, stands there by name. */
final class ThreadingDocTest
{
    private static final Pattern SHARED = Pattern.compile(
        "(?m)^ +(?:(?:private|public|static|final) )*" +
        "(?:volatile [\\w.<>\\[\\]]+|Atomic\\w+(?:<\\w+>)?) (\\w+)(?: =|;)");
    private static final Pattern LOCKED = Pattern.compile("(?m)^ +[\\w ]*\\bsynchronized [\\w<>]+ (\\w+)\\(");
    private static final Pattern OTHER_LOCK = Pattern.compile("synchronized \\(|java\\.util\\.concurrent\\.locks");

    private final String text = DocPage.read("threading.md").text();

    @Test
    void shouldNameWhateverThreadsShareAndEachLock() throws IOException
    {
        final List<String> named = new ArrayList<>();
        final List<String> missing = new ArrayList<>();
        for (final Path file : sources())
        {
            final String type = file.getFileName().toString().replace(".java", "");
            final String source = Files.readString(file);
            assertTrue(!OTHER_LOCK.matcher(source).find(), () -> "a lock of a kind that is not looked for: " + file);
            Stream.of(SHARED, LOCKED).flatMap(kind -> kind.matcher(source).results()).forEach(result ->
            {
                final String name = type + '.' + result.group(1);
                (text.contains(name) ? named : missing).add(name);
            });
        }

        assertTrue(named.size() > 30, named::toString);
        assertEquals(List.of(), missing);
    }

    private static List<Path> sources() throws IOException
    {
        final List<Path> files = new ArrayList<>();
        for (final String module : List.of("core", "transport"))
        {
            try (Stream<Path> all = Files.walk(Path.of("..", module, "src", "main", "java")))
            {
                all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        return files;
    }
}
