package io.ringcast.encode;

import java.nio.charset.StandardCharsets;

/**
 * The constant bytes around the id, the result and the error of a JSON-RPC text.
 * Immutable; nobody writes to the arrays.
 */
final class Envelope
{
    static final byte[] ID_MEMBER = ascii("{\"jsonrpc\":\"2.0\",\"id\":");
    static final byte[] RESULT_MEMBER = ascii(",\"result\":");
    static final byte[] ERROR_MEMBER = ascii(",\"error\":");
    static final byte[] COMMA = ascii(",");
    static final byte[] END = ascii("}");

    private Envelope()
    {
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
