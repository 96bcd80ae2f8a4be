package io.ringcast.encode;

import io.ringcast.frame.JsonCursor;

/**
 * Copies the wanted members of an item, in the item's own order and with its own bytes.
 * Confined to the pipeline thread that runs encode; allocates nothing.
 */
final class ItemFields
{
    private final JsonCursor cursor = new JsonCursor();

    /**
     * Copies the members.
     *
     * @param fields the names of those that are wanted.
     * @param bytes  holds the item.
     * @param offset where it starts.
     * @param length its length in bytes.
     * @param out    takes the object behind what it has; an item that is no object as it is.
     */
    void write(
        final byte[][] fields, final byte[] bytes, final int offset, final int length, final TextBuffer out)
    {
        if (!cursor.tryBegin(bytes, offset, length) || !cursor.isObject())
        {
            out.put(bytes, offset, length);
            return;
        }
        byte separator = '{';
        while (cursor.next())
        {
            if (isWanted(fields))
            {
                out.put(separator);
                out.put((byte)'"');
                out.put(bytes, cursor.nameOffset, cursor.nameLength);
                out.put((byte)'"');
                out.put((byte)':');
                out.put(bytes, cursor.valueOffset, cursor.valueLength);
                separator = ',';
            }
        }
        if (separator == '{')
        {
            out.put(separator);
        }
        out.put((byte)'}');
    }

    private boolean isWanted(final byte[][] fields)
    {
        for (final byte[] field : fields)
        {
            if (cursor.isNamed(field))
            {
                return true;
            }
        }
        return false;
    }
}
