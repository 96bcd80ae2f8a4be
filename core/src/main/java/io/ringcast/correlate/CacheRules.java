package io.ringcast.correlate;

import io.ringcast.frame.FrameView;
import io.ringcast.frame.JsonCursor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Which answers may be kept, and how long they are true.
 * Confined to the pipeline thread that runs correlate.
 *
 * <ul>
 * <li>For ever: the chain's number, and what was asked by hash and lies in a block that is final.
 * <li>Until the next head: what was asked of {@code "latest"} by that name, or is always about the latest block.
 * <li>Never: errors and null, {@code "pending"}, and everything that is not listed in {@link MethodTable}.
 * </ul>
 */
final class CacheRules
{
    private static final byte[] LATEST = ascii("\"latest\"");
    private static final byte[] PENDING = ascii("\"pending\"");
    private static final byte[] BLOCK_HASH = ascii("blockHash");
    private static final int HASH_TOKEN_LENGTH = 68;

    private final JsonCursor outer = new JsonCursor();
    private final JsonCursor inner = new JsonCursor();
    private final ShownBlock block = new ShownBlock();

    /** Whether any answer to the call might be kept. */
    static boolean mayKeep(final int flags)
    {
        return (flags & MethodTable.CACHEABLE) != 0;
    }

    /**
     * Settles whether a call is about the latest block, where that depends on its params. One about the pending block
     * shows its caller none, though the answer has a number: no upstream has that block yet.
     */
    static int settle(final int flags, final CallKey key)
    {
        int settled = flags;
        if ((flags & MethodTable.LATEST_BY_NAME) != 0)
        {
            final boolean isLatest = (flags & MethodTable.LATEST_FIRST) != 0 && beginsWith(LATEST, key) ||
                (flags & MethodTable.LATEST_LAST) != 0 && endsWithLatest(key);
            settled = flags & ~MethodTable.LATEST_BY_NAME | (isLatest ? MethodTable.LATEST : 0);
        }
        return (flags & MethodTable.SHOWS_BLOCK) != 0 && isPendingNamed(key) ?
            settled & ~MethodTable.SHOWS_BLOCK : settled;
    }

    static boolean isNull(final byte[] bytes, final FrameView view)
    {
        return view.resultOffset == FrameView.ABSENT || bytes[view.resultOffset] == 'n';
    }

    /**
     * The number of the block that an answer lies in, if it was asked by hash.
     *
     * @return the number, or -1 if it was not, or the answer does not say.
     */
    long blockNumber(final PendingCall call, final byte[] bytes, final FrameView view)
    {
        if (!outer.tryBegin(call.text, call.paramsOffset, call.paramsLength) || !outer.next() ||
            !isByHash(call.text, outer.valueOffset, outer.valueLength) ||
            !outer.tryBegin(bytes, view.resultOffset, view.resultLength))
        {
            return -1;
        }
        if (outer.isObject())
        {
            return block.ofObject(bytes, view.resultOffset, view.resultLength);
        }
        return outer.next() ? block.ofObject(bytes, outer.valueOffset, outer.valueLength) : LaneHeads.NONE;
    }

    private boolean isByHash(final byte[] text, final int offset, final int length)
    {
        if (text[offset] == '"')
        {
            return length == HASH_TOKEN_LENGTH;
        }
        boolean isByHash = false;
        if (inner.tryBegin(text, offset, length) && inner.isObject())
        {
            while (inner.next())
            {
                isByHash |= inner.isNamed(BLOCK_HASH) && inner.valueLength == HASH_TOKEN_LENGTH;
            }
        }
        return isByHash;
    }

    private static boolean beginsWith(final byte[] tag, final CallKey key)
    {
        final int limit = key.paramsOffset + key.paramsLength;
        int at = key.paramsOffset + 1;
        while (at < limit && key.bytes[at] <= ' ')
        {
            at++;
        }
        return isAt(tag, key, at);
    }

    private static boolean endsWithLatest(final CallKey key)
    {
        int end = key.paramsOffset + key.paramsLength - 1;
        while (end > key.paramsOffset && key.bytes[end - 1] <= ' ')
        {
            end--;
        }
        return isAt(LATEST, key, end - LATEST.length);
    }

    /** It is the first parameter of some methods, the second of others, and a member of a filter. */
    private static boolean isPendingNamed(final CallKey key)
    {
        final int last = key.paramsOffset + key.paramsLength - PENDING.length;
        for (int at = key.paramsOffset + 1; at < last; at++)
        {
            if (key.bytes[at] == '"' && isAt(PENDING, key, at))
            {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(final byte[] tag, final CallKey key, final int at)
    {
        return at > key.paramsOffset && at + tag.length < key.paramsOffset + key.paramsLength &&
            Arrays.equals(key.bytes, at, at + tag.length, tag, 0, tag.length);
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
