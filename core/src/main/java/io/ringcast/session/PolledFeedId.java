package io.ringcast.session;

import java.nio.charset.StandardCharsets;

/**
 * The ids of subscriptions that an upstream's connection makes up by polling, since the upstream can't push. By their
 * ids it is known that their items come later than pushed ones.
 * Stateless; any thread.
 */
public final class PolledFeedId
{
    /** "poll" in hex, so that a node which pushes some feeds does not give the same id. */
    private static final String START = "0x706f6c6c";
    private static final byte[] TOKEN_START = ('"' + START).getBytes(StandardCharsets.US_ASCII);

    private PolledFeedId()
    {
    }

    /**
     * Makes an id.
     *
     * @param serial which subscription it is.
     * @return the id, without quotes.
     */
    public static String of(final long serial)
    {
        return START + String.format("%08x", serial);
    }

    /**
     * Tells whether an id is one of these.
     *
     * @param token the id as it was sent, in quotes if it is a string.
     * @return true if it is.
     */
    public static boolean isOne(final byte[] token)
    {
        for (int i = 0; i < TOKEN_START.length; i++)
        {
            if (i >= token.length || token[i] != TOKEN_START[i])
            {
                return false;
            }
        }
        return true;
    }
}
