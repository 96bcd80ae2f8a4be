package io.ringcast.frame;

import io.ringcast.image.NotInImage;

/**
 * Walks the members of one object, or the elements of one array, in a text that a scanner has accepted.
 * Confined to the thread that uses it; allocates nothing.
 *
 * <p>Offsets count from the start of the array of bytes. A name that is written with escapes is not recognised.
 */
public final class JsonCursor
{
    /** The member's name without its quotes; meaningless in an array. */
    public int nameOffset;
    public int nameLength;
    /** The raw value, quotes or brackets included. */
    public int valueOffset;
    public int valueLength;

    private final JsonScanner scanner = new JsonScanner();
    @NotInImage("borrowed for a walk")
    private byte[] bytes;
    private int position;
    private int limit;
    private boolean isObject;

    /**
     * Begins a walk.
     *
     * @param text   holds the value; borrowed until the walk ends.
     * @param offset where the value starts.
     * @param length its length in bytes.
     * @return false if it is neither an object nor an array.
     */
    public boolean tryBegin(final byte[] text, final int offset, final int length)
    {
        if (length < 2 || text[offset] != '{' && text[offset] != '[')
        {
            return false;
        }
        bytes = text;
        isObject = text[offset] == '{';
        limit = offset + length - 1;
        position = offset + 1;
        return true;
    }

    /**
     * Tells what is walked.
     *
     * @return true if it is an object, false if it is an array.
     */
    public boolean isObject()
    {
        return isObject;
    }

    /**
     * Goes to the next member or element.
     *
     * @return false if there is none.
     */
    public boolean next()
    {
        int at = JsonScanner.skipWhite(bytes, position, limit);
        if (at < limit && bytes[at] == ',')
        {
            at = JsonScanner.skipWhite(bytes, at + 1, limit);
        }
        if (at >= limit)
        {
            return false;
        }
        if (isObject)
        {
            nameOffset = at + 1;
            at = scanner.skipValue(bytes, at, limit, 0);
            nameLength = at - 1 - nameOffset;
            at = JsonScanner.skipWhite(bytes, JsonScanner.skipWhite(bytes, at, limit) + 1, limit);
        }
        valueOffset = at;
        position = scanner.skipValue(bytes, at, limit, 0);
        valueLength = position - at;
        return position > at;
    }

    /**
     * Compares the member's name.
     *
     * @param name the name wanted, in ASCII.
     * @return true if it is that.
     */
    public boolean isNamed(final byte[] name)
    {
        if (nameLength != name.length)
        {
            return false;
        }
        for (int i = 0; i < name.length; i++)
        {
            if (bytes[nameOffset + i] != name[i])
            {
                return false;
            }
        }
        return true;
    }
}
