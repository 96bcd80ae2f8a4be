package io.ringcast.correlate;

import io.ringcast.frame.FrameView;
import io.ringcast.image.NotInImage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What makes two calls equal: the bytes of method and params.
 * Confined to the pipeline thread that runs correlate; filled again for each call, and borrows its text.
 *
 * <p>Calls that mean the same in other spellings count as different, which costs a call and never a wrong answer.
 */
final class CallKey
{
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    @NotInImage("of the slot")
    byte[] bytes;
    int methodOffset;
    int methodLength;
    int paramsOffset;
    int paramsLength;
    /** Of the method and params; equal hashes are compared. */
    long hash;

    /**
     * Takes a call as it was received; {@link #wrapParams} has to follow before it is compared.
     *
     * @return the hash of its method.
     */
    long wrapMethod(final byte[] text, final FrameView view)
    {
        bytes = text;
        methodOffset = view.methodOffset;
        methodLength = view.methodLength;
        hash = hash(text, methodOffset, methodLength);
        return hash;
    }

    /** Takes the params of the call whose method was taken. */
    void wrapParams(final FrameView view)
    {
        paramsOffset = Math.max(0, view.paramsOffset);
        paramsLength = view.paramsOffset == FrameView.ABSENT ? 0 : view.paramsLength;
        hash = hash(bytes, paramsOffset, paramsLength, hash);
        hash = hash == PendingCall.NO_KEY ? PRIME : hash;
    }

    /** Whether a call whose text was kept is equal. */
    boolean isEqual(final PendingCall call)
    {
        return call.keyHash == hash && call.methodLength == methodLength && call.paramsLength == paramsLength &&
            isRange(call.text, call.methodOffset, methodOffset, methodLength) &&
            isRange(call.text, call.paramsOffset, paramsOffset, paramsLength);
    }

    /** Whether a key that was kept, method before params, is equal. */
    boolean isEqual(final byte[] kept)
    {
        return kept.length == methodLength + paramsLength && isRange(kept, 0, methodOffset, methodLength) &&
            isRange(kept, methodLength, paramsOffset, paramsLength);
    }

    private boolean isRange(final byte[] other, final int otherOffset, final int offset, final int length)
    {
        return Arrays.equals(other, otherOffset, otherOffset + length, bytes, offset, offset + length);
    }

    /** Of a method's name. */
    static long hash(final byte[] text, final int offset, final int length)
    {
        return hash(text, offset, length, PRIME);
    }

    /** Two chains of multiplications side by side take half the time of one; the last eight bytes may be read twice. */
    private static long hash(final byte[] text, final int offset, final int length, final long seed)
    {
        if (length < Long.BYTES)
        {
            return shortHash(text, offset, length, seed);
        }
        final int last = offset + length - Long.BYTES;
        long left = seed + length * PRIME;
        long right = ~seed;
        int at = offset;
        while (at + Long.BYTES < last)
        {
            left = mix(left ^ (long)LONGS.get(text, at));
            right = mix(right ^ (long)LONGS.get(text, at + Long.BYTES));
            at += 2 * Long.BYTES;
        }
        if (at < last)
        {
            left = mix(left ^ (long)LONGS.get(text, at));
        }
        right = mix(right ^ (long)LONGS.get(text, last));
        return mix(mix(left) ^ right);
    }

    private static long shortHash(final byte[] text, final int offset, final int length, final long seed)
    {
        long value = 0;
        for (int at = offset; at < offset + length; at++)
        {
            value = value << Byte.SIZE | text[at] & 0xFF;
        }
        return mix(mix(seed + length) ^ value);
    }

    private static long mix(final long value)
    {
        final long product = value * PRIME;
        return product ^ product >>> Integer.SIZE;
    }
}
