package io.ringcast.match;

import io.ringcast.config.SubscriptionIdForm;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.FrameView;
import io.ringcast.lane.ItemHash;
import io.ringcast.session.CorrelatedAction;

import java.nio.charset.StandardCharsets;

/**
 * Reads a subscription id as 128 bits, which is how ids are compared.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Compared by value, not by text: alloy sends an id back in minimal hex, without leading zeros.
 */
final class SubscriptionIdToken
{
    private static final int MAX_HEX_DIGITS = 32;
    private static final int MAX_DECIMAL_DIGITS = 18;

    private final SubscriptionIdForm form;
    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameView view = new FrameView();
    private final ItemHash hash = new ItemHash();
    private boolean isPresent;
    private long high;
    private long low;

    SubscriptionIdToken(final SubscriptionIdForm form)
    {
        this.form = form;
    }

    /**
     * Reads the first of the params.
     *
     * @param bytes  the text that holds them.
     * @param offset where the params start, or ABSENT.
     * @param length their length in bytes.
     * @return false if there is no id of the form.
     */
    boolean tryRead(final byte[] bytes, final int offset, final int length)
    {
        isPresent = false;
        if (offset == FrameView.ABSENT)
        {
            return false;
        }
        decoder.decode(bytes, offset, length, view);
        isPresent = view.kind == FrameKind.BATCH && view.elementCount > 0;
        return isPresent && tryReadToken(bytes, view.elementOffsets[0], view.elementLengths[0]);
    }

    /** Reads the id that an unsubscribe is about: the first of its params, or its own. */
    boolean tryRead(final CorrelatedAction unsubscribe)
    {
        if (form != SubscriptionIdForm.REQUEST)
        {
            return tryRead(unsubscribe.bytes, unsubscribe.valueOffset, unsubscribe.valueLength);
        }
        isPresent = true;
        return tryReadToken(unsubscribe.to.idToken, 0, unsubscribe.to.idLength);
    }

    /** Reads an id that the relay has made. */
    SubscriptionIdToken read(final String token)
    {
        final byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
        if (!tryReadToken(bytes, 0, bytes.length))
        {
            throw new IllegalArgumentException(token + " is no id of the form " + form);
        }
        return this;
    }

    /** True if the last params read held an id, of whatever form. */
    boolean isPresent()
    {
        return isPresent;
    }

    long high()
    {
        return high;
    }

    long low()
    {
        return low;
    }

    private boolean tryReadToken(final byte[] bytes, final int offset, final int length)
    {
        high = 0;
        low = 0;
        return switch (form)
        {
            case HEX -> tryReadHex(bytes, offset, length);
            case NUMBER -> tryReadNumber(bytes, offset, length);
            case REQUEST -> readHash(bytes, offset, length);
            default -> tryReadText(bytes, offset, length);
        };
    }

    private boolean tryReadHex(final byte[] bytes, final int offset, final int length)
    {
        if (length < 5 || bytes[offset] != '"' || bytes[offset + 1] != '0' || (bytes[offset + 2] | 32) != 'x')
        {
            return false;
        }
        int position = offset + 3;
        final int end = offset + length - 1;
        while (position < end - 1 && bytes[position] == '0')
        {
            position++;
        }
        if (end - position > MAX_HEX_DIGITS)
        {
            return false;
        }
        for (; position < end; position++)
        {
            final int digit = Character.digit(bytes[position], 16);
            if (digit < 0)
            {
                return false;
            }
            high = high << 4 | low >>> 60;
            low = low << 4 | digit;
        }
        return true;
    }

    private boolean tryReadNumber(final byte[] bytes, final int offset, final int length)
    {
        for (int i = offset; i < offset + length; i++)
        {
            if (bytes[i] < '0' || bytes[i] > '9' || length > MAX_DECIMAL_DIGITS)
            {
                return false;
            }
            low = low * 10 + bytes[i] - '0';
        }
        return true;
    }

    /** A client's own ids: that two are taken for one would be its own doing, and its own loss. */
    private boolean readHash(final byte[] bytes, final int offset, final int length)
    {
        hash.read(bytes, offset, length);
        high = hash.high;
        low = hash.low;
        return true;
    }

    /** Each of its characters is one byte of the 16. */
    private boolean tryReadText(final byte[] bytes, final int offset, final int length)
    {
        if (length != SubscriptionIds.TEXT_CHARS + 2 || bytes[offset] != '"')
        {
            return false;
        }
        for (int i = offset + 1; i < offset + length - 1; i++)
        {
            high = high << 8 | low >>> 56;
            low = low << 8 | bytes[i] & 0xFF;
        }
        return true;
    }
}
