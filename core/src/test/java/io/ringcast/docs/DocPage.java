package io.ringcast.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * One page of the documentation. Immutable.
 *
 * @param name of the file in {@code docs/}.
 * @param text what it says.
 */
record DocPage(String name, String text)
{
    private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");

    static DocPage read(final String name)
    {
        try
        {
            // Tests run in the module's directory.
            return new DocPage(name, Files.readString(Path.of("..", "docs", name)));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** What stands between a yaml fence and its end, in order. */
    List<String> yamlBlocks()
    {
        return YAML.matcher(text).results().map((final MatchResult block) -> block.group(1)).toList();
    }
}
