package io.ringcast.match;

import io.ringcast.config.ItemTraits;
import io.ringcast.frame.JsonCursor;
import io.ringcast.lane.ItemHash;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads from an item what its dialect names there.
 * Confined to the pipeline thread that runs match.
 */
final class ItemRules
{
    private static final int MAX_DIGITS = 18;

    private final byte[] identity;
    final boolean endsFeed;
    private final byte[] lastMember;
    private final byte[][] notLast;
    /** Whether each item tells how things stand. */
    final boolean beginsWhole;
    /** Whether to subscribe is to do something. */
    final boolean isOnce;
    private final byte[] position;
    private final byte[] tip;
    private final JsonCursor members = new JsonCursor();
    /** Where the value lies that was found last. */
    private int valueOffset;
    private int valueLength;

    private ItemRules(final ItemTraits traits)
    {
        identity = bytes(traits.identity());
        position = traits.position() == null ? null : bytes(traits.position().member());
        tip = traits.position() == null ? null : bytes(traits.position().tip());
        beginsWhole = traits.beginsWhole();
        isOnce = traits.isOnce();
        endsFeed = traits.last() != null;
        lastMember = endsFeed ? bytes(traits.last().member()) : null;
        notLast = endsFeed ? traits.last().others().stream().map(ItemRules::bytes).toArray(byte[][]::new) : null;
    }

    /** The rules for items with these traits; null if there are none. */
    static ItemRules of(final ItemTraits traits)
    {
        return traits.equals(ItemTraits.NONE) ? null : new ItemRules(traits);
    }

    /** Hashes what tells the item from others; all of it, if it lacks the member that should. */
    void readIdentity(final byte[] bytes, final int offset, final int length, final ItemHash hash)
    {
        find(identity, bytes, offset, length);
        hash.read(bytes, valueOffset, valueLength);
    }

    /** The place of an item where items are counted; -1 if it has none. */
    long position(final byte[] bytes, final int offset, final int length)
    {
        find(position, bytes, offset, length);
        return number(bytes, valueOffset, valueLength);
    }

    /** How far the chain is by an item; -1 if it does not say. */
    long tip(final byte[] bytes, final int offset, final int length)
    {
        find(tip, bytes, offset, length);
        return number(bytes, valueOffset, valueLength);
    }

    /** Reads a whole number of up to 18 digits; -1 if it is none. */
    static long number(final byte[] bytes, final int offset, final int length)
    {
        long number = 0;
        for (int i = offset; i < offset + length; i++)
        {
            if (bytes[i] < '0' || bytes[i] > '9' || length > MAX_DIGITS)
            {
                return -1;
            }
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }

    /** Whether no item follows this one. */
    boolean isLast(final byte[] bytes, final int offset, final int length)
    {
        if (!endsFeed)
        {
            return false;
        }
        find(lastMember, bytes, offset, length);
        int wordOffset = valueOffset;
        int wordLength = valueLength;
        if (members.tryBegin(bytes, valueOffset, valueLength) && members.isObject() && members.next())
        {
            wordOffset = members.nameOffset - 1;
            wordLength = members.nameLength + 2;
        }
        for (final byte[] other : notLast)
        {
            if (isEqual(other, bytes, wordOffset, wordLength))
            {
                return false;
            }
        }
        return true;
    }

    /** The value of a member; the whole if there is no such member, or none is asked for. */
    private void find(final byte[] name, final byte[] bytes, final int offset, final int length)
    {
        valueOffset = offset;
        valueLength = length;
        if (name != null && members.tryBegin(bytes, offset, length) && members.isObject())
        {
            while (members.next())
            {
                if (members.isNamed(name))
                {
                    valueOffset = members.valueOffset;
                    valueLength = members.valueLength;
                }
            }
        }
    }

    private static boolean isEqual(final byte[] word, final byte[] bytes, final int offset, final int length)
    {
        return Arrays.equals(word, 0, word.length, bytes, offset, offset + length);
    }

    private static byte[] bytes(final String text)
    {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
