package io.ringcast.image;

/**
 * An image is not what it has to be: damaged, or made by other classes or with other settings.
 * Immutable.
 */
public final class ImageFormatException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /**
     * Creates it.
     *
     * @param complaint what was found, half a sentence.
     */
    public ImageFormatException(final String complaint)
    {
        super(complaint);
    }
}
