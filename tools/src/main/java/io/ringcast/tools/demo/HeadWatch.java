package io.ringcast.tools.demo;

import io.netty.buffer.ByteBuf;
import io.ringcast.lane.HeadKeys;
import io.ringcast.transport.ItemListener;

/**
 * Follows the heads that the relay gives its subscribers: how many, how many are missing between them, and how long
 * after a moment of interest the next one came.
 * Single writer: the I/O loop that delivers; readable from any thread. The moment is set by the main thread.
 */
public final class HeadWatch implements ItemListener
{
    private static final long NONE = -1;

    private final HeadKeys keys = new HeadKeys();
    private byte[] text = new byte[4_096];
    private long lastNumber = NONE;
    private long firstAtNs;
    private volatile long meanGapNs;
    private volatile long heads;
    private volatile long missing;
    private volatile long momentNs = NONE;
    private volatile long nextAfterNs = NONE;

    @Override
    public void onItem(final long sequence, final ByteBuf bytes, final int offset, final int lengthBytes)
    {
        onHead(bytes, offset, lengthBytes, System.nanoTime());
    }

    void onHead(final ByteBuf bytes, final int offset, final int lengthBytes, final long nowNs)
    {
        if (text.length < lengthBytes)
        {
            text = new byte[lengthBytes];
        }
        bytes.getBytes(offset, text, 0, lengthBytes);
        if (!keys.tryRead(text, 0, lengthBytes))
        {
            return;
        }
        if (lastNumber != NONE && keys.number > lastNumber + 1)
        {
            missing += keys.number - lastNumber - 1;
        }
        lastNumber = keys.number;
        firstAtNs = heads == 0 ? nowNs : firstAtNs;
        meanGapNs = heads == 0 ? 0 : (nowNs - firstAtNs) / heads;
        heads++;
        if (momentNs != NONE && nextAfterNs == NONE)
        {
            nextAfterNs = nowNs - momentNs;
        }
    }

    /** From this moment on the next head is waited for. */
    public void mark(final long nowNs)
    {
        momentNs = NONE;
        nextAfterNs = NONE;
        momentNs = nowNs;
    }

    /** How long after the moment the next head came, in nanoseconds; negative if none has come. */
    public long nextAfterNs()
    {
        return nextAfterNs;
    }

    /** How many heads came. */
    public long heads()
    {
        return heads;
    }

    /** How far apart they came in the mean, in nanoseconds; 0 before the second. */
    public long meanGapNs()
    {
        return meanGapNs;
    }

    /** How many did not come although a later one did. */
    public long missing()
    {
        return missing;
    }
}
