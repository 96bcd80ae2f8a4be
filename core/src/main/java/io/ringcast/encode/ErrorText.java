package io.ringcast.encode;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonWriter;

import java.nio.charset.StandardCharsets;

/**
 * Writes the error objects that the relay itself answers with.
 * Confined to the pipeline thread that runs encode.
 *
 * <p>{@code {"code":-32600,"message":"…"}} and nothing else, unless the dialect has it: jsonrpsee refuses an error with
 * further members.
 */
final class ErrorText
{
    private final String end;
    private final JsonWriter writer = new DslJson<>().newWriter();

    /**
     * Creates it.
     *
     * @param end what stands behind the message; mostly nothing.
     */
    ErrorText(final String end)
    {
        this.end = end;
    }

    byte[] write(final int code, final String message)
    {
        writer.reset();
        writer.writeAscii("{\"code\":");
        writer.writeAscii(Integer.toString(code).getBytes(StandardCharsets.US_ASCII));
        writer.writeAscii(",\"message\":");
        writer.writeString(message);
        writer.writeAscii(end);
        writer.writeAscii("}");
        return writer.toByteArray();
    }
}
