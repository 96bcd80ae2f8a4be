package io.ringcast.image;

/**
 * Something is reachable that no image can hold.
 * Immutable.
 */
public final class UnknownStateException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    UnknownStateException(final String what)
    {
        super("no image can be made of " + what);
    }
}
