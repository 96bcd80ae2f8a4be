package io.ringcast.session;

import java.nio.charset.StandardCharsets;

/**
 * The figures of a connection as they stand in a slot: the ticket of the question, a space, members of a JSON object.
 * Any thread.
 */
public final class FiguresText
{
    /** The ticket of figures that are told with the status rather than answered. */
    public static final int STATUS = 0;

    /** The ticket of those that are told with the end of the relay, whatever they are. */
    public static final int DRAIN = -1;

    /** The members of a connection that is not measured, since too many others are. */
    public static final String NONE = "";

    private FiguresText()
    {
    }

    /**
     * Writes it.
     *
     * @param ticket  what they were asked with.
     * @param members of a JSON object.
     * @return the text.
     */
    public static byte[] write(final int ticket, final String members)
    {
        return (ticket + " " + members).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads the ticket.
     *
     * @param bytes  hold the text, from 0.
     * @param length its length in bytes.
     * @return what {@link #write} was given.
     */
    public static int ticket(final byte[] bytes, final int length)
    {
        final String text = new String(bytes, 0, length, StandardCharsets.US_ASCII);
        return Integer.parseInt(text.substring(0, text.indexOf(' ')));
    }

    /**
     * Reads the members.
     *
     * @param bytes  hold the text, from 0.
     * @param length its length in bytes.
     * @return what {@link #write} was given.
     */
    public static String members(final byte[] bytes, final int length)
    {
        final String text = new String(bytes, 0, length, StandardCharsets.US_ASCII);
        return text.substring(text.indexOf(' ') + 1);
    }
}
