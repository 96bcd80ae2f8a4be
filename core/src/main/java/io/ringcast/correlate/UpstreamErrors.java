package io.ringcast.correlate;

import io.ringcast.frame.JsonCursor;
import io.ringcast.session.RpcError;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Tells an error that is an upstream's own trouble from one that is the answer.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>Codes and texts of {@link Verdict#TROUBLE} are those that alloy retries ({@code alloy-rs/alloy}
 * {@code crates/json-rpc/src/response/error.rs}, {@code is_retry_err}: 429 and -32016 are Alchemy's, -32005 Infura's,
 * -32007 and -32012 QuickNode's, with their texts), the backend errors of {@code ethereum-optimism/infra}
 * {@code proxyd/rpc.go} and {@code backend.go} (-32010 to -32018, -32024), jsonrpsee's -32009 (busy) and this relay's
 * own -32070. {@code compute units per second} is Alchemy's text. Nethermind's -32015 is a revert; a revert is told by
 * its text or by geth's code 3, and whatever else it says is a contract's. Those of {@link Verdict#KNOWN} are
 * go-ethereum's ({@code core/txpool}: {@code already known}, before 1.9.19 {@code known transaction}), OpenEthereum's
 * and anvil's ({@code already imported}), Erigon's ({@code existing tx with same hash}) and Nethermind's
 * ({@code AlreadyKnown}).
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
        /** The upstream has not got what was asked for: another one may, and it is no fault. */
        LACKING,
        /** The upstream has the transaction already. */
        KNOWN
    }

    private static final byte[] CODE = ascii("code");
    private static final byte[] MESSAGE = ascii("message");
    private static final int REVERTED = 3;
    /** proxyd's for what it could not read of a node's answer, Nethermind's for a transaction that it rejects. */
    private static final int UNREADABLE = -32010;
    /** Geth's for a call that took it too long; EIP-1474's for what is not to be had now. What is asked may be why. */
    private static final int TIMED_OUT = -32002;
    private static final int[] TROUBLE_CODES =
    {
        429, -32005, -32009, -32011, -32012, -32013, -32015, -32016, -32017, -32018, -32024, -32070
    };
    private static final byte[][] TROUBLE_TEXTS =
    {
        ascii("rate limit"), ascii("rate exceeded"), ascii("too many requests"), ascii("credits limited"),
        ascii("request limit"), ascii("compute units per second")
    };
    /** The whole error that stands for an answer that a connection of the relay's own has lost. */
    private static final byte[] LOST = ascii(
        "{\"code\":" + RpcError.UPSTREAM_UNAVAILABLE + ",\"message\":\"" + RpcError.CONNECTION_LOST + "\"}");
    private static final byte[][] LACKING_TEXTS = {ascii("header not found")};
    /** What the virtual machine said; behind it may stand a contract's own words. */
    private static final byte[][] EXECUTION_TEXTS = {ascii("execution reverted"), ascii("vm execution error")};
    private static final byte[][] KNOWN_TEXTS =
    {
        ascii("already known"), ascii("alreadyknown"), ascii("known transaction"), ascii("already imported"),
        ascii("existing tx with same hash")
    };

    private final JsonCursor members = new JsonCursor();

    /** Whether there is no answer, since the connection was lost: nobody knows what became of the call. */
    static boolean isLost(final byte[] bytes, final int offset, final int length)
    {
        return Arrays.equals(bytes, offset, offset + length, LOST, 0, LOST.length);
    }

    /** Judges an error object. */
    Verdict verdict(final byte[] bytes, final int offset, final int length)
    {
        boolean isTrouble = false;
        boolean isLacking = false;
        boolean isKnown = false;
        boolean isExecuted = false;
        final boolean isObject = members.tryBegin(bytes, offset, length) && members.isObject();
        while (isObject && members.next())
        {
            if (members.isNamed(CODE))
            {
                final int code = code(bytes, members.valueOffset, members.valueLength);
                isTrouble |= isTroubleCode(code);
                isLacking |= code == UNREADABLE || code == TIMED_OUT;
                isExecuted |= code == REVERTED;
            }
            else if (members.isNamed(MESSAGE))
            {
                isTrouble |= containsAny(TROUBLE_TEXTS, bytes, members.valueOffset, members.valueLength);
                isLacking |= containsAny(LACKING_TEXTS, bytes, members.valueOffset, members.valueLength);
                isExecuted |= containsAny(EXECUTION_TEXTS, bytes, members.valueOffset, members.valueLength);
                isKnown |= containsAny(KNOWN_TEXTS, bytes, members.valueOffset, members.valueLength);
            }
        }
        if (isExecuted)
        {
            return Verdict.ANSWER;
        }
        if (isKnown)
        {
            return Verdict.KNOWN;
        }
        return isTrouble ? Verdict.TROUBLE : isLacking ? Verdict.LACKING : Verdict.ANSWER;
    }

    private static boolean isTroubleCode(final int code)
    {
        for (final int troubleCode : TROUBLE_CODES)
        {
            if (code == troubleCode)
            {
                return true;
            }
        }
        return false;
    }

    /** The code as a number; 0 if it is none that means something here. */
    private static int code(final byte[] bytes, final int offset, final int length)
    {
        final boolean isNegative = bytes[offset] == '-';
        final int digits = length - (isNegative ? 1 : 0);
        if (digits < 1 || digits > 5)
        {
            return 0;
        }
        int code = 0;
        for (int i = offset + length - digits; i < offset + length; i++)
        {
            code = code * 10 + bytes[i] - '0';
        }
        return isNegative ? -code : code;
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
