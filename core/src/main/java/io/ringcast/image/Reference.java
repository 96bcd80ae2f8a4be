package io.ringcast.image;

/**
 * How an image names an object: 0 for none, odd for one from the beginning, else for one that came later.
 * Immutable.
 */
final class Reference
{
    static final int NULL = 0;

    private Reference()
    {
    }

    static int toFixed(final int number)
    {
        return number * 2 + 1;
    }

    static int toLater(final int number)
    {
        return number * 2 + 2;
    }

    static boolean isFixed(final int reference)
    {
        return (reference & 1) != 0;
    }

    static int number(final int reference)
    {
        return reference - 1 >> 1;
    }
}
