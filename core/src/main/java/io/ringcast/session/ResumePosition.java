package io.ringcast.session;

/**
 * The item behind which a subscriber wants to go on: by its number, by its place on the chain, or by both; then the
 * number counts as long as it is kept.
 * Immutable.
 *
 * @param epoch    the epoch in which its number was given; null if only the cursor is given.
 * @param sequence its number; 0 if only the cursor is given.
 * @param cursor   the block and place of the item, which every relay understands; null if only the number is given.
 */
public record ResumePosition(String epoch, long sequence, PortableCursor cursor)
{
    String toJson()
    {
        final JsonText json = new JsonText();
        if (epoch != null)
        {
            json.text("e", epoch);
            json.raw("q", Long.toString(sequence));
        }
        if (cursor != null)
        {
            json.text("c", cursor.toString());
        }
        return json.end();
    }
}
