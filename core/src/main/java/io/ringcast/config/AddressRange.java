package io.ringcast.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Addresses that begin with the same bits, such as 10.0.0.0/8.
 * Immutable.
 */
public final class AddressRange
{
    private final byte[] bytes;
    private final int bits;

    private AddressRange(final byte[] bytes, final int bits)
    {
        this.bytes = bytes;
        this.bits = bits;
    }

    /**
     * Reads one.
     *
     * @param text an address, or an address and how many bits of it count.
     * @return the range.
     * @throws ConfigException when it is none.
     */
    public static AddressRange parse(final String text)
    {
        final int slash = text.indexOf('/');
        final byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        try
        {
            final int bits = slash < 0 || address == null ? 128 : Integer.parseInt(text.substring(slash + 1));
            if (address != null && bits >= 0 && (slash < 0 || bits <= address.length * Byte.SIZE))
            {
                return new AddressRange(address, Math.min(bits, address.length * Byte.SIZE));
            }
        }
        catch (final NumberFormatException ignored)
        {
            // The same refusal as for the others.
        }
        throw new ConfigException("proxies", text, "not an address", "an address, or a range such as 10.0.0.0/8");
    }

    /**
     * Reads an address without asking anybody for a name.
     *
     * @param text digits and dots, or hex digits and colons.
     * @return its bytes, or null if it is none.
     */
    public static byte[] address(final String text)
    {
        final boolean isLiteral = text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") ||
            text.indexOf(':') >= 0 && text.matches("[0-9A-Fa-f:.]+");
        try
        {
            return isLiteral ? InetAddress.getByName(text).getAddress() : null;
        }
        catch (final UnknownHostException e)
        {
            return null;
        }
    }

    public boolean holds(final byte[] address)
    {
        if (address.length != bytes.length)
        {
            return false;
        }
        for (int bit = 0; bit < bits; bit++)
        {
            if (((address[bit / Byte.SIZE] ^ bytes[bit / Byte.SIZE]) >>> Byte.SIZE - 1 - bit % Byte.SIZE & 1) != 0)
            {
                return false;
            }
        }
        return true;
    }
}
