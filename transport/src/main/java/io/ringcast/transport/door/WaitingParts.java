package io.ringcast.transport.door;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;

/**
 * Parts of requests that came before those in front of them were answered. It owns them, and counts what they take: a
 * request of twenty bytes takes twenty times as much once it is parsed.
 * Confined to the I/O loop that owns the socket.
 */
final class WaitingParts
{
    /** About what the objects of a part, of a request and of one of its headers take beside their text, in bytes. */
    private static final int PART_BYTES = 64;
    private static final int REQUEST_BYTES = 320;
    private static final int HEADER_BYTES = 96;

    private final BudgetShare kept;
    private final ArrayDeque<Object> parts = new ArrayDeque<>(0);

    /**
     * Creates it empty.
     *
     * @param budget what all connections together may have of it.
     */
    WaitingParts(final MemoryBudget budget)
    {
        kept = new BudgetShare(budget);
    }

    boolean isEmpty()
    {
        return parts.isEmpty();
    }

    /**
     * Takes a part.
     *
     * @param part owned by this call.
     * @return false if all connections together keep too much.
     */
    boolean add(final Object part)
    {
        parts.add(part);
        return kept.change(kept.bytes() + bytes(part));
    }

    /** Gives the oldest part; owned by the caller. */
    Object poll()
    {
        final Object part = parts.poll();
        kept.change(kept.bytes() - bytes(part));
        return part;
    }

    /** Gives all back. */
    void clear()
    {
        parts.forEach(ReferenceCountUtil::release);
        parts.clear();
        kept.giveBack();
    }

    private static long bytes(final Object part)
    {
        long bytes = PART_BYTES;
        if (part instanceof HttpContent content)
        {
            bytes += content.content().readableBytes();
        }
        if (part instanceof HttpRequest request)
        {
            bytes += REQUEST_BYTES + request.uri().length();
            final Iterator<Map.Entry<CharSequence, CharSequence>> headers = request.headers().iteratorCharSequence();
            while (headers.hasNext())
            {
                final Map.Entry<CharSequence, CharSequence> header = headers.next();
                bytes += HEADER_BYTES + header.getKey().length() + header.getValue().length();
            }
        }
        return bytes;
    }
}
