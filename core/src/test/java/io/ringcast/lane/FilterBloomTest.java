package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.frame.HexWords;
import io.ringcast.frame.Keccak256;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A bloom made as the yellow paper says never rules out what was put into it, and rules out most else. */
class FilterBloomTest
{
    private static final int ROUNDS = 500;
    private final Random random = new Random(11);
    private final String address = value(HexWords.ADDRESS_DIGITS);
    private final String first = value(HexWords.TOPIC_DIGITS);
    private final String second = value(HexWords.TOPIC_DIGITS);
    private final String other = value(HexWords.TOPIC_DIGITS);
    private final Head head = head("0x" + bloom(List.of(address, first, second)));

    @Test
    void shouldMatchWhatIsThere()
    {
        matches("{}");
        matches("{\"address\":\"" + address + "\"}");
        matches("{\"address\":[\"" + value(40) + "\",\"" + address + "\"]}");
        matches("{\"topics\":[\"" + first + "\"]}");
        matches("{\"topics\":[null,[\"" + other + "\",\"" + second + "\"]]}");
        matches("{\"address\":[\"" + address + "\"],\"topics\":[[\"" + first + "\"],[\"" + second + "\"]]}");
        matches("{\"topics\":[[\"" + other + "\",null]]}");
        matches("{\"address\":[],\"topics\":[]}");
        matches("{\"address\":\"what the node takes for one\"}");
    }

    @Test
    void shouldRuleOutWhatIsNot()
    {
        int matches = 0;
        for (int i = 0; i < ROUNDS; i++)
        {
            matches += new FilterBloom("{\"address\":[\"" + value(40) + "\"]}").mayMatch(head) ? 1 : 0;
            matches += new FilterBloom(
                "{\"address\":\"" + address + "\",\"topics\":[\"" + first + "\",\"" + value(64) + "\"]}")
                .mayMatch(head) ? 1 : 0;
        }
        assertEquals(0, matches, "nine bits of 2,048 are set");
    }

    @Test
    void shouldMatchGivenNoBloomOfTheUsualForm()
    {
        final String filter = "{\"address\":\"" + value(40) + "\"}";
        assertTrue(new FilterBloom(filter).mayMatch(head("0x1")));
        final Head without = new Head();
        assertTrue(new FilterBloom(filter).mayMatch(without));
    }

    /** What reads the head says where its bloom stands. */
    @Test
    void shouldFindTheBloomInAHeadThatWasRead()
    {
        final HeadKeys keys = new HeadKeys();
        final String text = "  {\"hash\":\"" + value(64) + "\", \"logsBloom\" : \"0x" + bloom(List.of(address)) +
            "\",\"number\":\"0x1\",\"parentHash\":\"" + value(64) + "\"}";
        final byte[] bytes = SimBlock.text(text);
        assertTrue(keys.tryRead(bytes, 2, bytes.length - 2));
        final Head read = new HeadStore().put(keys, bytes, 2, bytes.length - 2);

        assertTrue(new FilterBloom("{\"address\":\"" + address + "\"}").mayMatch(read));
        assertEquals(false, new FilterBloom("{\"address\":\"" + value(40) + "\"}").mayMatch(read));
    }

    private void matches(final String filter)
    {
        assertTrue(new FilterBloom(filter).mayMatch(head), filter);
    }

    private String value(final int digits)
    {
        final byte[] bytes = new byte[digits / 2];
        random.nextBytes(bytes);
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    private static Head head(final String bloom)
    {
        final Head head = new Head();
        head.hasBloom = true;
        head.bytes = SimBlock.text("\"logsBloom\":" + '"' + bloom + '"');
        head.bloomOffset = 12;
        head.bloomLength = bloom.length() + 2;
        return head;
    }

    /** M3:2048 of the yellow paper: bit n is worth 2 to the power of n. */
    private static String bloom(final List<String> values)
    {
        BigInteger bloom = BigInteger.ZERO;
        for (final String value : values)
        {
            final BigInteger hash = new BigInteger(1, Keccak256.hash(HexFormat.of().parseHex(value.substring(2))));
            for (int pair = 0; pair < 3; pair++)
            {
                bloom = bloom.setBit(hash.shiftRight(240 - 16 * pair).intValue() & 2_047);
            }
        }
        return String.format("%0512x", bloom);
    }
}
