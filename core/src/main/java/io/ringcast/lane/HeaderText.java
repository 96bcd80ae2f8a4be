package io.ringcast.lane;

import io.ringcast.frame.JsonCursor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes the text that {@code newHeads} pushes out of a block that was fetched.
 * Confined to the thread that uses it.
 *
 * <p>The members stand in geth's order, each value with the bytes that the node gave. Members that geth does not push
 * are left out, unless a pushed head of this network had them: some chains add their own. What only a block has
 * (transactions, uncles, size, withdrawals, total difficulty) is always left out.
 */
public final class HeaderText
{
    private static final List<String> GETH_ORDER = List.of(
        "parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom", "difficulty",
        "number", "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce", "baseFeePerGas",
        "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash", "hash");
    private static final Set<String> NEVER =
        Set.of("transactions", "uncles", "size", "withdrawals", "totalDifficulty");
    /** A node that pushes more members than this is not followed in it. */
    private static final int MAX_NAMES = 128;

    private final List<byte[]> names = new ArrayList<>();
    private final JsonCursor cursor = new JsonCursor();
    private final HeadKeys keys = new HeadKeys();
    private final int[] offsets = new int[MAX_NAMES];
    private final int[] lengths = new int[MAX_NAMES];
    private int largestMemberCount;

    /** Creates it with geth's members. */
    public HeaderText()
    {
        for (final String name : GETH_ORDER)
        {
            names.add(name.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /**
     * Notes which members a pushed head has; allocates only if it has more than any before.
     *
     * @param memberCount how many members it has.
     * @param bytes       a text that the scanner has accepted.
     * @param offset      where the head's object starts.
     * @param length      its length in bytes.
     */
    public void learn(final int memberCount, final byte[] bytes, final int offset, final int length)
    {
        if (memberCount <= largestMemberCount || !cursor.tryBegin(bytes, offset, length))
        {
            return;
        }
        largestMemberCount = memberCount;
        while (cursor.isObject() && cursor.next())
        {
            final String name = new String(bytes, cursor.nameOffset, cursor.nameLength, StandardCharsets.UTF_8);
            if (indexOfName() < 0 && !NEVER.contains(name) && names.size() < MAX_NAMES)
            {
                names.add(name.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /**
     * Makes the head of a block.
     *
     * @param bytes  a text that the scanner has accepted.
     * @param offset where the block's object starts.
     * @param length its length in bytes.
     * @return the head's text, or null if this is no block.
     */
    public byte[] of(final byte[] bytes, final int offset, final int length)
    {
        if (!keys.tryRead(bytes, offset, length))
        {
            return null;
        }
        final int count = names.size();
        for (int i = 0; i < count; i++)
        {
            lengths[i] = 0;
        }
        cursor.tryBegin(bytes, offset, length);
        while (cursor.next())
        {
            final int index = indexOfName();
            if (index >= 0)
            {
                offsets[index] = cursor.valueOffset;
                lengths[index] = cursor.valueLength;
            }
        }
        final ByteArrayOutputStream text = new ByteArrayOutputStream(2_048);
        for (int i = 0; i < count; i++)
        {
            if (lengths[i] > 0)
            {
                text.write(text.size() == 0 ? '{' : ',');
                text.write('"');
                text.writeBytes(names.get(i));
                text.write('"');
                text.write(':');
                text.write(bytes, offsets[i], lengths[i]);
            }
        }
        text.write('}');
        return text.toByteArray();
    }

    private int indexOfName()
    {
        for (int i = 0; i < names.size(); i++)
        {
            if (cursor.isNamed(names.get(i)))
            {
                return i;
            }
        }
        return -1;
    }
}
