package io.ringcast.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Whole blocks of a chain that goes on farther down than is kept of what went out, or far above behind a gap. */
class WholeBlocksFarTest extends LogScript
{
    /** As many blocks as are known to have gone out. */
    private static final int KEPT = 256;
    private static final long FAR = 1L << 60;

    private int seconds;
    private final FakeOutlet client = ask("\"logs\",{},{\"relay\":{\"stamps\":true,\"order\":\"block\"}}");

    @Test
    void shouldGoOnWithAChainThatIsBegunAnewFarBelow()
    {
        say(chain.tip);
        final List<String> removed = new ArrayList<>();
        for (int i = 0; i < 2 * KEPT; i++)
        {
            final String digits = digits(i);
            say(grow(digits, 1));
            removed.add("-" + digits.substring(0, 2) + ":0 of 1");
        }
        told(client);

        chain.goBack(2 * KEPT + 2);
        say(growNew(0xA0, 1));
        say(growNew(0xA1, 2));
        say(growNew(0xA2, 0));

        final List<String> want = new ArrayList<>(removed.subList(removed.size() - KEPT, removed.size()));
        Collections.reverse(want);
        want.addAll(List.of("+a0:0 of 1", "+a1:0 of 2", "+a1:1 of 2"));
        assertEquals(want, told(client).stream().filter(item -> item.contains(":")).toList());
    }

    @Test
    void shouldGoOnBehindAGapThatIsTooWideToBeCounted()
    {
        say(chain.tip);
        final PastChain.Block home = grow("11", 1);
        say(home);
        told(client);

        assertTimeoutPreemptively(Duration.ofSeconds(20), () ->
        {
            final PastChain.Block below = new PastChain.Block(FAR, "0x" + "f0".repeat(32), null, List.of());
            chain.tip = below;
            say(growNew(0xF1, 1));
            passDeadline();
            say(growNew(0xF2, 2));
            say(growNew(0xF3, 0));
            // As an upstream that was led to another network for a moment.
            chain.tip = home;
            say(growNew(0xA0, 0));
            say(growNew(0xA1, 1));
            say(growNew(0xA2, 0));
        });

        assertEquals(List.of("+f1:0 of 1", "+f2:0 of 2", "+f2:1 of 2", "-f2:1 of 2", "-f2:0 of 2", "-f1:0 of 1",
            "+a1:0 of 1"),
            told(client).stream().filter(item -> item.contains(":")).toList());
    }

    /** Each is made after those that were said before. */
    @Override
    void head(final PastChain.Block block)
    {
        item("0xaa", block.head().replace("}", ",\"timestamp\":\"0x" + Integer.toHexString(++seconds) + "\"}"));
    }

    private PastChain.Block growNew(final int digits, final int count)
    {
        return grow(String.format("%02x", digits), count);
    }

    /** Names as many blocks as there are, the first byte being told; all hashes differ. */
    private static String digits(final int i)
    {
        return String.format("%04x", 0x1000 + i);
    }
}
