package io.ringcast.image;

import java.io.IOException;
import java.lang.reflect.Array;

/**
 * Arrays of numbers. Tables are mostly empty: a 0 is followed by how many more there are.
 * Any thread.
 */
final class PrimitiveArrays
{
    private PrimitiveArrays()
    {
    }

    static int length(final Object array)
    {
        return Array.getLength(array);
    }

    static Object make(final ObjectKind kind, final int length)
    {
        return switch (kind)
        {
            case BYTES -> new byte[length];
            case BOOLEANS -> new boolean[length];
            case SHORTS -> new short[length];
            case INTS -> new int[length];
            case LONGS -> new long[length];
            default -> new double[length];
        };
    }

    static void write(final Object array, final ObjectKind kind, final ImageOutput out) throws IOException
    {
        if (kind == ObjectKind.BYTES)
        {
            out.putBytes((byte[])array);
            return;
        }
        final int length = length(array);
        for (int i = 0; i < length; i++)
        {
            final long value = get(array, kind, i);
            out.putLong(value);
            if (value == 0)
            {
                final int first = i;
                while (i + 1 < length && get(array, kind, i + 1) == 0)
                {
                    i++;
                }
                out.putCount(i - first);
            }
        }
    }

    static void read(final Object array, final ObjectKind kind, final ImageInput in) throws IOException
    {
        if (kind == ObjectKind.BYTES)
        {
            in.getBytes((byte[])array);
            return;
        }
        final int length = length(array);
        for (int i = 0; i < length; i++)
        {
            final long value = in.getLong();
            set(array, kind, i, value);
            if (value == 0)
            {
                for (int more = in.getCount(length - i); more > 0; more--)
                {
                    set(array, kind, ++i, 0);
                }
            }
        }
    }

    private static long get(final Object array, final ObjectKind kind, final int index)
    {
        return switch (kind)
        {
            case BOOLEANS -> ((boolean[])array)[index] ? 1 : 0;
            case SHORTS -> ((short[])array)[index];
            case INTS -> ((int[])array)[index];
            case LONGS -> ((long[])array)[index];
            default -> Double.doubleToRawLongBits(((double[])array)[index]);
        };
    }

    private static void set(final Object array, final ObjectKind kind, final int index, final long value)
    {
        switch (kind)
        {
            case BOOLEANS -> ((boolean[])array)[index] = value != 0;
            case SHORTS -> ((short[])array)[index] = (short)value;
            case INTS -> ((int[])array)[index] = (int)value;
            case LONGS -> ((long[])array)[index] = value;
            default -> ((double[])array)[index] = Double.longBitsToDouble(value);
        }
    }
}
