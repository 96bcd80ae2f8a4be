package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;

/**
 * Keeps so many calls outstanding; each answer causes the next call. Latency counts from the moment of the call.
 * Confined to its event loop.
 */
final class Caller extends LoadConnection
{
    private static final byte[] START = bytes("{\"jsonrpc\":\"2.0\",\"id\":");
    private static final byte[] METHOD = bytes(",\"method\":\"eth_getBalance\",\"params\":[\"0x");
    private static final byte[] END = bytes("\",\"latest\"]}");
    private static final byte[] ID = bytes("\"id\":");
    private static final byte[] RESULT = bytes("\"result\":");
    private static final int ADDRESS_DIGITS = 40;
    private static final int ID_DIGITS = 6;
    private static final int FIRST_ID = 100_000;
    private static final int CALL_BYTES = START.length + ID_DIGITS + METHOD.length + ADDRESS_DIGITS + END.length;

    private final int index;
    private final long[] sentNs;
    private final byte[] address = new byte[ADDRESS_DIGITS];
    private ByteBuf calls;
    private long answered;
    private long outstanding;
    private long errors;
    private long unknown;

    Caller(
        final ClientLoop loop, final LoadListener listener, final LoadTarget target, final LoadPlan plan,
        final int index)
    {
        super(loop, listener, target, target.path());
        this.index = index;
        sentNs = new long[plan.callsOutstanding()];
    }

    /** Calls without an answer so far; readable when nothing comes any more. */
    long outstanding()
    {
        return outstanding;
    }

    /** Answers that were errors. */
    long errors()
    {
        return errors;
    }

    /** Answers that nobody waited for: doubled, or with an id of somebody else. */
    long unknown()
    {
        return unknown;
    }

    @Override
    void onOpen()
    {
        ready();
    }

    /** Sends the first calls. */
    void begin()
    {
        for (int slot = 0; slot < sentNs.length; slot++)
        {
            call(slot);
        }
        sendCalls();
    }

    @Override
    public void onMessage(final ByteBuf bytes, final int messageIndex, final int lengthBytes)
    {
        final int end = messageIndex + lengthBytes;
        final int at = Bytes.indexOf(bytes, messageIndex, end, ID);
        final int slot = at < 0 ? -1 : Bytes.decimal(bytes, at + ID.length, end) - FIRST_ID;
        if (slot < 0 || slot >= sentNs.length || sentNs[slot] == 0)
        {
            unknown++;
            return;
        }
        if (Bytes.indexOf(bytes, messageIndex, end, RESULT) < 0)
        {
            errors++;
        }
        final long sinceNs = sentNs[slot];
        sentNs[slot] = 0;
        outstanding--;
        answered++;
        loop().onReceived();
        if (loop().clock().isMeasuredSince(sinceNs))
        {
            loop().onMeasured(System.nanoTime(), sinceNs);
        }
        if (!loop().clock().isStopping())
        {
            call(slot);
        }
    }

    private void call(final int slot)
    {
        if (calls == null)
        {
            calls = newFrame(2 * CALL_BYTES);
        }
        FrameScanner.writeHead(calls, FrameScanner.TEXT, CALL_BYTES, true);
        Stamp.writeHex(address, 0, ADDRESS_DIGITS, ((long)index << 40) + answered);
        calls.writeBytes(START);
        writeId(FIRST_ID + slot);
        calls.writeBytes(METHOD).writeBytes(address).writeBytes(END);
        sentNs[slot] = System.nanoTime();
        outstanding++;
        loop().onSent();
    }

    private void writeId(final int id)
    {
        for (int power = FIRST_ID; power > 0; power /= 10)
        {
            calls.writeByte('0' + id / power % 10);
        }
    }

    private void sendCalls()
    {
        if (calls != null)
        {
            send(calls);
            calls = null;
        }
        flush();
    }

    @Override
    public void channelReadComplete(final ChannelHandlerContext ctx)
    {
        sendCalls();
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
