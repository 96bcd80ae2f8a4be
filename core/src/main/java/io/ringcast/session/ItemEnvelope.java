package io.ringcast.session;

import java.nio.charset.StandardCharsets;

/**
 * The text that brings an item, without the item and the subscription id.
 * Immutable.
 */
public final class ItemEnvelope
{
    /** A notification as geth writes it. */
    public static final String GETHS =
        "{\"jsonrpc\":\"2.0\",\"method\":\"$method\",\"params\":{\"subscription\":$id,\"result\":$item}}";

    private static final String ID = "$id";
    private static final String ITEM = "$item";

    private final String before;
    private final String after;

    /**
     * Reads a template.
     *
     * @param template the text, with {@code $method}, {@code $id} and {@code $item} where they belong.
     * @param method   the method of the notification.
     */
    public ItemEnvelope(final String template, final String method)
    {
        final String text = template.replace("$method", method);
        final int item = text.indexOf(ITEM);
        before = text.substring(0, item);
        after = text.substring(item + ITEM.length());
    }

    /**
     * Gives what precedes an item.
     *
     * @param idToken the subscription id as JSON.
     * @return the bytes.
     */
    public byte[] prefix(final String idToken)
    {
        return filled(before, idToken);
    }

    /**
     * Gives what follows an item.
     *
     * @param idToken the subscription id as JSON.
     * @return the bytes.
     */
    public byte[] suffix(final String idToken)
    {
        return filled(after, idToken);
    }

    private static byte[] filled(final String text, final String idToken)
    {
        return text.replace(ID, idToken).getBytes(StandardCharsets.UTF_8);
    }
}
