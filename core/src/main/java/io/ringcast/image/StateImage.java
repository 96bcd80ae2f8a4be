package io.ringcast.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;

/**
 * The state of some objects and of all that is reachable from them, as bytes; to be loaded into objects that were made
 * alike.
 * Confined to the thread that owns the objects.
 *
 * <p>What is reachable when this is created is the same in each such set of objects, by its number. An image holds
 * what these say now, and all that has come since. Nothing is left out unless {@link NotInImage} says so: what is of no
 * known class is refused by name.
 */
public final class StateImage
{
    private final FixedObjects fixed;

    /**
     * Numbers what is reachable now; before anything has happened to it.
     *
     * @param roots the objects, in an order that is always the same.
     */
    public StateImage(final Object... roots)
    {
        fixed = new FixedObjects(roots);
    }

    /**
     * Writes the state.
     *
     * @param numbers  what else belongs to it.
     * @param borrowed what must not be reachable, since it belongs to somebody else.
     * @param out      takes it; is flushed but not closed.
     * @throws IOException           as {@code out} throws it.
     * @throws UnknownStateException if something is reachable that no image can hold.
     */
    public void write(final long[] numbers, final Collection<?> borrowed, final OutputStream out) throws IOException
    {
        new ImageWriter(fixed, new FoundObjects(fixed, borrowed), new ImageOutput(out)).write(numbers);
    }

    /**
     * Loads a state; only once, and before anything has happened to the objects. If it fails they are of no use.
     *
     * @param in what was written; read up to its end, and not closed.
     * @return the numbers that it was written with.
     * @throws IOException          as {@code in} throws it.
     * @throws ImageFormatException if it is not whole, or of other classes or other objects.
     */
    public long[] read(final InputStream in) throws IOException
    {
        return new ImageReader(fixed, new ImageInput(in)).read();
    }
}
