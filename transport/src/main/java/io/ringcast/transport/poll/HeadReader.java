package io.ringcast.transport.poll;

import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;
import io.ringcast.lane.HeadKeys;
import io.ringcast.lane.HeaderText;

import java.nio.charset.StandardCharsets;

/**
 * Makes heads of fetched blocks.
 * Confined to the upstream's I/O loop.
 */
final class HeadReader
{
    private static final byte[] TIMESTAMP = "timestamp".getBytes(StandardCharsets.US_ASCII);

    private final HeadKeys keys = new HeadKeys();
    private final HeaderText headerText = new HeaderText();
    private final JsonCursor cursor = new JsonCursor();

    /** The head of a block, or null if the bytes are no block. */
    PolledHead read(final byte[] bytes, final int offset, final int length)
    {
        final byte[] text = headerText.of(bytes, offset, length);
        if (text == null || !keys.tryRead(bytes, offset, length))
        {
            return null;
        }
        return new PolledHead(
            keys.number, keys.hash.clone(), keys.parentHash.clone(), timestamp(bytes, offset, length),
            !keys.hasBloom || !keys.isBloomZero, text);
    }

    private long timestamp(final byte[] bytes, final int offset, final int length)
    {
        cursor.tryBegin(bytes, offset, length);
        while (cursor.next())
        {
            if (cursor.isNamed(TIMESTAMP))
            {
                return Math.max(0, HexWords.quantity(bytes, cursor.valueOffset, cursor.valueLength));
            }
        }
        return 0;
    }
}
