package io.ringcast.session;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * What the URL of a connection asks for as a whole, beside the options of its subscriptions.
 * Immutable.
 *
 * <pre>
 *   ?relay.session=TOKEN       the subscriptions go on where an earlier connection with the token has left them
 *   ?relay=restore             and begin again by themselves, for clients that do not subscribe again
 *   ?relay=status              relay_status is subscribed to without a call
 * </pre>
 *
 * The token is a secret of the client's. Only a hash of it, its owner and its network leaves the door: it is what the
 * session is known by, so nobody finds a session by its token who has not the same rights, and neither a journal nor a
 * log has it.
 *
 * @param sessionKey what the session is known by, 32 hex digits; null without one.
 * @param restores   whether its subscriptions begin again by themselves.
 * @param hasStatus  whether it subscribes to {@code relay_status}.
 * @param share      at whose cost the session is kept, from 0 to {@link #SHARES} - 1: the same for all that come with
 *                   the same rights from the same address, and by chance for some others; 0 without a session.
 */
public record ConnectionWish(String sessionKey, boolean restores, boolean hasStatus, int share)
{
    /** How many shares there are: too few to find an address by. */
    public static final int SHARES = 4_096;
    /** Nothing. */
    public static final ConnectionWish NOTHING = new ConnectionWish(null, false, false, 0);

    private static final String SESSION = "relay.session";
    private static final String FLAGS = "relay";
    private static final String RESTORE = "restore";
    private static final String STATUS = "status";
    private static final String NO_SESSION = "-";
    private static final String SHARE = "share=";
    private static final int KEY_BYTES = 16;
    private static final int IPV4_BYTES = 4;
    /** What one owner has of an IPv6 address at the least. */
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~-]{16,128}");

    /**
     * What a query says.
     *
     * @param token     the session's secret; null without one.
     * @param restores  as in the wish.
     * @param hasStatus as in the wish.
     * @param rest      the query without all that; to be read as options.
     * @param fault     what is wrong, in one line without the token; null if nothing is.
     */
    public record Parsed(String token, boolean restores, boolean hasStatus, String rest, String fault)
    {
        /**
         * Tells whether there is nothing.
         *
         * @return true if the query asks for none of it.
         */
        public boolean isNothing()
        {
            return token == null && !restores && !hasStatus;
        }

        /**
         * Ties it to its owner.
         *
         * @param network the network's name.
         * @param owner   the name of the rights that the client has.
         * @param address the address that it comes from; null if that is not known.
         * @return the wish.
         */
        public ConnectionWish of(final String network, final String owner, final byte[] address)
        {
            if (token == null)
            {
                return isNothing() ? NOTHING : new ConnectionWish(null, restores, hasStatus, 0);
            }
            return new ConnectionWish(
                hash("ringcast session", network, owner, token), restores, hasStatus, shareOf(owner, address));
        }

        /** Says nothing of the token. */
        @Override
        public String toString()
        {
            return "session=" + (token != null) + " restore=" + restores + " status=" + hasStatus;
        }
    }

    /**
     * Takes it out of a query.
     *
     * @param query what stands behind the question mark.
     * @return what it says.
     */
    public static Parsed readQuery(final String query)
    {
        String token = null;
        boolean restores = false;
        boolean hasStatus = false;
        final StringJoiner rest = new StringJoiner("&");
        for (final String parameter : query.split("&"))
        {
            final int equals = parameter.indexOf('=');
            final String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            final String value = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
            if (SESSION.equals(name))
            {
                if (token != null || value == null || !TOKEN.matcher(value).matches())
                {
                    return new Parsed(null, false, false, "", token != null ? "relay.session is given twice" :
                        "relay.session: allowed are 16 to 128 letters, digits, '.', '_', '~' and '-'");
                }
                token = value;
            }
            else if (FLAGS.equals(name) && value != null)
            {
                final StringJoiner flags = new StringJoiner(",");
                for (final String flag : value.split(","))
                {
                    restores |= RESTORE.equals(flag);
                    hasStatus |= STATUS.equals(flag);
                    if (!RESTORE.equals(flag) && !STATUS.equals(flag))
                    {
                        flags.add(flag);
                    }
                }
                if (flags.length() > 0 || value.isEmpty())
                {
                    rest.add(FLAGS + '=' + flags);
                }
            }
            else
            {
                rest.add(parameter);
            }
        }
        final String fault = restores && token == null ? "relay=restore needs relay.session" : null;
        return new Parsed(token, restores, hasStatus, rest.toString(), fault);
    }

    /**
     * Gives the text that stands in the slot.
     *
     * @return ASCII.
     */
    public byte[] toText()
    {
        return ((sessionKey == null ? NO_SESSION : sessionKey) + (restores ? ' ' + RESTORE : "") +
            (hasStatus ? ' ' + STATUS : "") + (share == 0 ? "" : ' ' + SHARE + share))
            .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads that text.
     *
     * @param bytes  hold it, from 0.
     * @param length its length in bytes.
     * @return the wish.
     */
    public static ConnectionWish ofText(final byte[] bytes, final int length)
    {
        final String[] words = new String(bytes, 0, length, StandardCharsets.US_ASCII).split(" ");
        boolean restores = false;
        boolean hasStatus = false;
        int share = 0;
        for (final String word : words)
        {
            restores |= RESTORE.equals(word);
            hasStatus |= STATUS.equals(word);
            share = word.startsWith(SHARE) ? Integer.parseInt(word.substring(SHARE.length())) : share;
        }
        return new ConnectionWish(NO_SESSION.equals(words[0]) ? null : words[0], restores, hasStatus, share);
    }

    private static int shareOf(final String owner, final byte[] address)
    {
        final int bytes = address == null ? 0 : address.length == IPV4_BYTES ? IPV4_BYTES : IPV6_NETWORK_BYTES;
        final String from = bytes == 0 ? "" : HexFormat.of().formatHex(address, 0, bytes);
        return Integer.parseInt(hash("ringcast share", owner, from).substring(0, 3), 16);
    }

    /** Sessions are looked up by this hash, so no comparison depends on how much of a guessed token is right. */
    private static String hash(final String... parts)
    {
        try
        {
            final MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (final String part : parts)
            {
                final byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                sha.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                sha.update(bytes);
            }
            return HexFormat.of().formatHex(sha.digest(), 0, KEY_BYTES);
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** What is not URL-encoded is left to the reader of the options, who says so. */
    private static String decoded(final String text)
    {
        try
        {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
        catch (final IllegalArgumentException e)
        {
            return null;
        }
    }
}
