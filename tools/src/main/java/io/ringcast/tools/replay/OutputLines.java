package io.ringcast.tools.replay;

import io.ringcast.journal.EgressFields;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.EgressAction;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Writes what goes out, a line for each thing that the I/O loops would do.
 * Confined to the main thread.
 *
 * <pre>
 *   SLOT write SERIAL.LOOP SHA8 TEXT         a frame for one client
 *   SLOT write_upstream LANE SHA8 TEXT       a text for an upstream
 *   SLOT fan_out tTOPIC qSEQUENCE SHA8 TEXT  a frame for each that has the topic
 *   SLOT open, shut SERIAL.LOOP tTOPIC       the client has the topic from here on, or no longer
 *   SLOT release tTOPIC, reset_upstream LANE
 * </pre>
 *
 * SHA8 is the beginning of the SHA-256 of the exact bytes, header included; in the text a line's end shows as \n.
 */
final class OutputLines
{
    private static final int FINAL_TEXT = 0x81;
    private static final int SHOWN_DIGITS = 8;

    private final Consumer<String> out;
    private final MessageDigest all = sha256();
    private final MessageDigest one = sha256();
    private final StringBuilder line = new StringBuilder(4_096);
    private long frames;

    OutputLines(final Consumer<String> out)
    {
        this.out = out;
    }

    void add(final long slot, final ActionList<EgressAction> actions)
    {
        for (int i = 0; i < actions.size(); i++)
        {
            add(slot, actions.get(i));
        }
    }

    /** How many frames were written. */
    long frames()
    {
        return frames;
    }

    /** The SHA-256 of all lines and of the exact bytes behind them; call it once, at the end. */
    String digest()
    {
        return HexFormat.of().formatHex(all.digest());
    }

    private void add(final long slot, final EgressAction action)
    {
        final EgressFields fields = EgressFields.of(action.kind);
        line.setLength(0);
        line.append(slot).append(' ').append(action.kind.name().toLowerCase(Locale.ROOT));
        if (fields.hasConnection())
        {
            final long serial = (action.connectionId & Long.MAX_VALUE >> 1) / ConnectionId.MAX_LOOPS;
            line.append(' ').append(serial).append('.').append(ConnectionId.loopIndex(action.connectionId));
        }
        if (fields.hasLane())
        {
            line.append(' ').append(action.laneIndex);
        }
        if (fields.hasTopic())
        {
            line.append(" t").append(action.topicId);
        }
        if (fields.hasSequence())
        {
            line.append(" q").append(action.sequence);
        }
        if (fields.hasBytes())
        {
            addBytes(action);
        }
        final String text = line.toString();
        all.update(text.getBytes(StandardCharsets.UTF_8));
        out.accept(text);
    }

    private void addBytes(final EgressAction action)
    {
        frames++;
        final byte[] bytes = new byte[action.length];
        action.chunk.getBytes(action.offset, bytes);
        all.update(bytes);
        line.append(' ').append(HexFormat.of().formatHex(one.digest(bytes)), 0, SHOWN_DIGITS).append(' ');
        final int start = action.kind == EgressAction.Kind.WRITE_UPSTREAM ? 0 : headerBytes(bytes);
        if (start < 0)
        {
            line.append(HexFormat.of().formatHex(bytes));
            return;
        }
        final String text = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
        for (int i = 0; i < text.length(); i++)
        {
            addChar(text.charAt(i));
        }
    }

    private void addChar(final char character)
    {
        switch (character)
        {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> line.append(character);
        }
    }

    /** Where the text of a WebSocket frame begins; -1 if it is no plain text frame. */
    private static int headerBytes(final byte[] bytes)
    {
        if (bytes.length < 2 || (bytes[0] & 0xFF) != FINAL_TEXT)
        {
            return -1;
        }
        final int lengthCode = bytes[1] & 0x7F;
        return lengthCode < 126 ? 2 : lengthCode == 126 ? 4 : 10;
    }

    private static MessageDigest sha256()
    {
        try
        {
            return MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException(e);
        }
    }
}
