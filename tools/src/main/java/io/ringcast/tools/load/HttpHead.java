package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;
import java.util.Locale;

/** The head of an HTTP message, read piece by piece. Confined to one event loop. */
final class HttpHead
{
    private static final int LIMIT_BYTES = 16 * 1024;

    private final StringBuilder text = new StringBuilder();

    /** Takes bytes up to the end of the head and leaves those after it; true when it is whole. Borrows the bytes. */
    boolean read(final ByteBuf bytes)
    {
        while (bytes.isReadable())
        {
            text.append((char)bytes.readUnsignedByte());
            if (text.length() >= 4 && text.indexOf("\r\n\r\n", text.length() - 4) >= 0)
            {
                return true;
            }
            if (text.length() > LIMIT_BYTES)
            {
                throw new IllegalStateException("HTTP head of more than " + LIMIT_BYTES + " bytes");
            }
        }
        return false;
    }

    String firstLine()
    {
        return text.substring(0, Math.max(0, text.indexOf("\r\n")));
    }

    /** The value of a field, or an empty text; the name in lower case. */
    String field(final String name)
    {
        return text.toString().lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
            .map(line -> line.substring(name.length() + 1).trim())
            .findFirst()
            .orElse("");
    }
}
