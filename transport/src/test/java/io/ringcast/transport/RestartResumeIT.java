package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.config.JournalConfig;
import io.ringcast.config.RelayConfig;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** With a journal, positions from before a restart are good behind it: nothing is missing and nothing comes twice. */
@Timeout(120)
class RestartResumeIT
{
    private static final String STAMPED = "[\"newHeads\",{\"relay\":{\"stamps\":true%s}}]";
    private static final Pattern POSITION =
        Pattern.compile("\"number\":\"0x([0-9a-f]+)\".*\"e\":\"(\\w+)\",\"q\":(\\d+),\"c\":\"([^\"]+)\"");

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"number", "cursor"})
    void shouldGoOnBehindTheItemGivenARestart(final String by) throws Exception
    {
        final List<Integer> seen = new ArrayList<>();
        String resume = "";
        for (int run = 0; run < 3; run++)
        {
            try (TestBed bed = TestBed.start(Mode.USUAL, this::record))
            {
                final RawClient witness = bed.client();
                witness.subscribe("[\"newHeads\"]");
                final RawClient client = bed.client();
                client.subscribe(String.format(STAMPED, resume));
                // A topic that was known is granted at once; the upstream is asked again all the same. The counter of
                // such grants goes on with its old value.
                TestBed.await("the upstream's grant", () -> bed.upstream().hasSubscriber("newHeads"));
                final int first = run * 10 + 1;
                SessionIT.publishHeads(bed, first, first + 5);
                while (seen.isEmpty() || seen.get(seen.size() - 1) < first + 5)
                {
                    final Matcher position = position(client.readText());
                    seen.add(Integer.parseInt(position.group(1), 16));
                    resume = ",\"resume\":" + ("number".equals(by) ?
                        "{\"e\":\"" + position.group(2) + "\",\"q\":" + position.group(3) + "}" :
                        "{\"c\":\"" + position.group(4) + "\"}");
                }
                client.close();

                // These it misses: they go out, are recorded, and the relay ends.
                SessionIT.publishHeads(bed, first + 6, first + 9);
                for (int i = 0; i < 10; i++)
                {
                    witness.readText();
                }
            }
        }

        assertEquals(IntStream.rangeClosed(1, 26).boxed().toList(), seen);
    }

    private static Matcher position(final String item)
    {
        final Matcher position = POSITION.matcher(item);
        if (!position.find())
        {
            throw new AssertionError(item);
        }
        return position;
    }

    private void record(final RelayConfig.Builder config)
    {
        // Its files are as long as its limit makes them, and are made and read whole.
        config.journal(
            JournalConfig.builder().dir(dir).set(JournalConfig.MAX_BYTES, JournalConfig.MAX_BYTES.min()).build());
    }
}
