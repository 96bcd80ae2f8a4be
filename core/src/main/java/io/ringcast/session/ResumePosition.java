package io.ringcast.session;

/**
 * The item behind which a subscriber wants to go on.
 * Immutable.
 *
 * @param epoch    the epoch in which its number was given; null if the cursor is given.
 * @param sequence its number; 0 if the cursor is given.
 * @param cursor   the block and place of the item, which every relay understands; null if the number is given.
 */
public record ResumePosition(String epoch, long sequence, PortableCursor cursor)
{
    String toJson()
    {
        final JsonText json = new JsonText();
        if (cursor == null)
        {
            json.text("e", epoch);
            json.number("q", sequence);
        }
        else
        {
            json.text("c", cursor.toString());
        }
        return json.end();
    }
}
