package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * The text of an item, in which only digits change from one to the next.
 * Confined to the sender's thread.
 *
 * <p>The places are marked in the source text: {@code $S} stamp, {@code $N} number, {@code $H} and {@code $P}
 * beginnings of this and the previous hash, {@code $A} address of the distinct filter.
 */
public final class ItemTemplate
{
    private static final int NUMBER_DIGITS = 7;
    private static final int HASH_DIGITS = 16;
    private static final int ADDRESS_DIGITS = 40;
    /** Each hash begins with digits of its own: the relay tells blocks apart by the first 16. */
    private static final String HASH = "0x$H9c22ff5f21f0b81b113e63f7db6da94fedef11b2119b4088";
    private static final String PARENT_HASH = "0x$P9c22ff5f21f0b81b113e63f7db6da94fedef11b2119b4088";
    private static final String HEAD = "{\"parentHash\":\"" + PARENT_HASH + "\",\"sha3Uncles\":" +
        "\"0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347\",\"miner\":" +
        "\"0x95222290dd7278aa3ddd389cc1e1d165cc4bafe5\",\"stateRoot\":\"" + root(1) + "\",\"transactionsRoot\":\"" +
        root(2) + "\",\"receiptsRoot\":\"" + root(3) + "\",\"logsBloom\":\"0x" + noise(4, 512) +
        "\",\"difficulty\":\"0x0\",\"number\":\"0x1$N\",\"gasLimit\":\"0x2255100\",\"gasUsed\":\"0xf4d9a1\"," +
        "\"timestamp\":\"0x68f0d7cf\",\"extraData\":\"0x$S\",\"mixHash\":\"" + root(5) + "\"," +
        "\"nonce\":\"0x0000000000000000\",\"baseFeePerGas\":\"0x1f3a5c2\",\"withdrawalsRoot\":\"" + root(6) +
        "\",\"blobGasUsed\":\"0x60000\",\"excessBlobGas\":\"0x0\",\"parentBeaconBlockRoot\":\"" + root(7) +
        "\",\"requestsHash\":\"" + root(8) + "\",\"hash\":\"" + HASH + "\"}";
    private static final String LOG_END = ",\"data\":\"0x$S" + "0".repeat(64 - Stamp.LENGTH) +
        "\",\"blockNumber\":\"0x1$N\",\"transactionHash\":\"" + HASH + "\",\"transactionIndex\":\"0x1\"," +
        "\"blockHash\":\"" + PARENT_HASH + "\",\"blockTimestamp\":\"0x68f0d7cf\",\"logIndex\":\"0x0\",\"" +
        "removed\":false}";
    private static final String SHORT_LOG_END = ",\"data\":\"0x$S\",\"blockNumber\":\"0x1$N\",\"logIndex\":\"0x0\"}";
    private static final String PENDING = "\"0x$S" + "0".repeat(64 - Stamp.LENGTH) + "\"";

    private final byte[] text;
    private final int[] places;
    private final char[] marks;

    private ItemTemplate(final byte[] text, final int[] places, final char[] marks)
    {
        this.text = text;
        this.places = places;
        this.marks = marks;
    }

    /** A hash that is another with each item. */
    private static String root(final int field)
    {
        return "0x$H" + noise(field, 64 - HASH_DIGITS);
    }

    /** Hex digits as hashes and blooms have them, which hardly compress. */
    private static String noise(final int field, final int digits)
    {
        final SplittableRandom random = new SplittableRandom(field);
        return random.ints(digits, 0, 16).mapToObj(Integer::toHexString).collect(Collectors.joining());
    }

    /** The whole notification for a subscription, as a node sends it. */
    static ItemTemplate of(final LoadKind kind, final LogShape shape, final String subscriptionId)
    {
        return parse("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"" +
            subscriptionId + "\",\"result\":" + result(kind, shape) + "}}");
    }

    private static String result(final LoadKind kind, final LogShape shape)
    {
        switch (kind)
        {
            case HEADS:
                return HEAD;

            case LOGS:
            case SHORT_LOGS:
                return "{\"address\":\"" + (shape.address() == null ? "0x$A" : shape.address()) + "\",\"topics\":[" +
                    shape.topics().stream().map(topic -> '"' + topic + '"').collect(Collectors.joining(",")) + "]" +
                    (kind == LoadKind.LOGS ? LOG_END : SHORT_LOG_END);

            default:
                return PENDING;
        }
    }

    /** The portable cursor of a head: its number, the first 16 digits of its hash, and 0. */
    static String headCursor(final long sequence)
    {
        return ((1L << 4 * NUMBER_DIGITS) + sequence) + ":" + String.format("%016x", sequence) + ":0";
    }

    /** Leaves room for the digits of every mark. */
    static ItemTemplate parse(final String source)
    {
        final StringBuilder text = new StringBuilder();
        final StringBuilder marks = new StringBuilder();
        final int[] places = new int[(int)source.chars().filter(c -> c == '$').count()];
        for (int i = 0; i < source.length(); i++)
        {
            if (source.charAt(i) == '$')
            {
                places[marks.length()] = text.length();
                final char mark = source.charAt(++i);
                marks.append(mark);
                text.append("0".repeat(digits(mark)));
            }
            else
            {
                text.append(source.charAt(i));
            }
        }
        return new ItemTemplate(
            text.toString().getBytes(StandardCharsets.UTF_8), places, marks.toString().toCharArray());
    }

    private static int digits(final char mark)
    {
        switch (mark)
        {
            case 'S':
                return Stamp.LENGTH;

            case 'N':
                return NUMBER_DIGITS;

            case 'A':
                return ADDRESS_DIGITS;

            default:
                return HASH_DIGITS;
        }
    }

    /**
     * Tells how long it is.
     *
     * @return bytes, the same for every item.
     */
    public int lengthBytes()
    {
        return text.length;
    }

    /**
     * Writes one item.
     *
     * @param target      where to; borrowed.
     * @param scheduledNs when it was due.
     * @param sequence    which it is.
     * @param group       the distinct filter that it belongs to.
     */
    public void write(final ByteBuf target, final long scheduledNs, final long sequence, final int group)
    {
        for (int i = 0; i < places.length; i++)
        {
            switch (marks[i])
            {
                case 'S':
                    Stamp.write(text, places[i], scheduledNs, sequence);
                    break;

                case 'N':
                    Stamp.writeHex(text, places[i], NUMBER_DIGITS, sequence);
                    break;

                case 'A':
                    Stamp.writeHex(text, places[i], ADDRESS_DIGITS, 0x10000 + group);
                    break;

                case 'P':
                    Stamp.writeHex(text, places[i], HASH_DIGITS, sequence - 1);
                    break;

                default:
                    Stamp.writeHex(text, places[i], HASH_DIGITS, sequence);
                    break;
            }
        }
        target.writeBytes(text);
    }
}
