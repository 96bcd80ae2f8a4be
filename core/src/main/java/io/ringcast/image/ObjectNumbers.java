package io.ringcast.image;

import java.util.Arrays;

/**
 * Objects in the order in which they were found, each with its number; two are the same only if they are one.
 * Confined to the thread that makes or loads the image.
 *
 * <p>A map of the JDK would take four times the memory, for what may be millions.
 */
final class ObjectNumbers
{
    static final int UNKNOWN = -1;

    private Object[] objects = new Object[64];
    /** Number plus 1 by place; 0 if the place is free. */
    private int[] places = new int[128];
    private int size;

    int size()
    {
        return size;
    }

    Object get(final int number)
    {
        return objects[number];
    }

    int find(final Object object)
    {
        final int mask = places.length - 1;
        for (int place = place(object); places[place] != 0; place = place + 1 & mask)
        {
            if (objects[places[place] - 1] == object)
            {
                return places[place] - 1;
            }
        }
        return UNKNOWN;
    }

    /** Only for one that is not there yet. */
    int add(final Object object)
    {
        if (size == objects.length)
        {
            objects = Arrays.copyOf(objects, size * 2);
        }
        if (size * 2 >= places.length)
        {
            grow();
        }
        objects[size] = object;
        put(size);
        return size++;
    }

    private void grow()
    {
        places = new int[places.length * 2];
        for (int number = 0; number < size; number++)
        {
            put(number);
        }
    }

    private void put(final int number)
    {
        final int mask = places.length - 1;
        int place = place(objects[number]);
        while (places[place] != 0)
        {
            place = place + 1 & mask;
        }
        places[place] = number + 1;
    }

    private int place(final Object object)
    {
        final int hash = System.identityHashCode(object) * 0x9E3779B9;
        return hash >>> 32 - Integer.numberOfTrailingZeros(places.length);
    }
}
