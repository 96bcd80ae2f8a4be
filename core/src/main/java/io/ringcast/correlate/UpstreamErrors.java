package io.ringcast.correlate;

import io.ringcast.frame.JsonCursor;

import java.nio.charset.StandardCharsets;

/**
 * Tells an error that is an upstream's own trouble from one that is the answer.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>Codes and texts of {@link Verdict#TROUBLE} are those that alloy retries ({@code alloy-rs/alloy}
 * {@code crates/json-rpc/src/response/error.rs}, {@code is_retry_err}: 429 and -32016 are Alchemy's, -32005 Infura's,
 * -32007 and -32012 QuickNode's, with their texts), the backend errors of {@code ethereum-optimism/infra}
 * {@code proxyd/rpc.go} and {@code backend.go} (-32010 to -32018, -32024), jsonrpsee's -32009 (busy) and this relay's
 * own -32070. {@code compute units per second} is Alchemy's text. Those of {@link Verdict#KNOWN} are go-ethereum's
 * ({@code core/txpool}: {@code already known}, before 1.9.19 {@code known transaction}), OpenEthereum's and anvil's
 * ({@code already imported}), Erigon's ({@code existing tx with same hash}) and Nethermind's ({@code AlreadyKnown}).
 */
final class UpstreamErrors
{
    /** What an error says. */
    enum Verdict
    {
        /** The answer to the call: any upstream would say so. */
        ANSWER,
        /** The upstream's own trouble: another one may answer. */
        TROUBLE,
        /** The upstream has the transaction already. */
        KNOWN
    }

    private static final byte[] CODE = ascii("code");
    private static final byte[] MESSAGE = ascii("message");
    private static final int[] TROUBLE_CODES =
    {
        429, -32005, -32009, -32010, -32011, -32012, -32013, -32015, -32016, -32017, -32018, -32024, -32070
    };
    private static final byte[][] TROUBLE_TEXTS =
    {
        ascii("rate limit"), ascii("rate exceeded"), ascii("too many requests"), ascii("credits limited"),
        ascii("request limit"), ascii("compute units per second"), ascii("header not found")
    };
    private static final byte[][] KNOWN_TEXTS =
    {
        ascii("already known"), ascii("alreadyknown"), ascii("known transaction"), ascii("already imported"),
        ascii("existing tx with same hash")
    };

    private final JsonCursor members = new JsonCursor();

    /** Judges an error object. */
    Verdict verdict(final byte[] bytes, final int offset, final int length)
    {
        boolean isTrouble = false;
        boolean isKnown = false;
        final boolean isObject = members.tryBegin(bytes, offset, length) && members.isObject();
        while (isObject && members.next())
        {
            if (members.isNamed(CODE))
            {
                isTrouble |= isTroubleCode(bytes, members.valueOffset, members.valueLength);
            }
            else if (members.isNamed(MESSAGE))
            {
                isTrouble |= containsAny(TROUBLE_TEXTS, bytes, members.valueOffset, members.valueLength);
                isKnown |= containsAny(KNOWN_TEXTS, bytes, members.valueOffset, members.valueLength);
            }
        }
        if (isKnown)
        {
            return Verdict.KNOWN;
        }
        return isTrouble ? Verdict.TROUBLE : Verdict.ANSWER;
    }

    private static boolean isTroubleCode(final byte[] bytes, final int offset, final int length)
    {
        final boolean isNegative = bytes[offset] == '-';
        final int digits = length - (isNegative ? 1 : 0);
        if (digits < 1 || digits > 5)
        {
            return false;
        }
        int code = 0;
        for (int i = offset + length - digits; i < offset + length; i++)
        {
            code = code * 10 + bytes[i] - '0';
        }
        final int signed = isNegative ? -code : code;
        for (final int troubleCode : TROUBLE_CODES)
        {
            if (signed == troubleCode)
            {
                return true;
            }
        }
        return false;
    }

    private static boolean containsAny(
        final byte[][] texts, final byte[] bytes, final int offset, final int length)
    {
        for (final byte[] text : texts)
        {
            for (int at = offset; at <= offset + length - text.length; at++)
            {
                if (isAt(text, bytes, at))
                {
                    return true;
                }
            }
        }
        return false;
    }

    /** Upper and lower case alike: alloy compares with lower case, providers write both. */
    private static boolean isAt(final byte[] text, final byte[] bytes, final int at)
    {
        for (int i = 0; i < text.length; i++)
        {
            final byte found = bytes[at + i];
            if ((found >= 'A' && found <= 'Z' ? found | 0x20 : found) != text[i])
            {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
