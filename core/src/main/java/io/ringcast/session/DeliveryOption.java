package io.ringcast.session;

import java.util.Arrays;
import java.util.List;

/**
 * The options of a subscription, by the names that clients write.
 * Immutable.
 */
public enum DeliveryOption
{
    /** Sequence, cursor and times beside each item. */
    STAMPS("stamps", true),
    /** What happens to a subscriber that does not keep up. */
    LAG("lag", true),
    /** At most one item of each key in so many milliseconds. */
    EVERY_MS("everyMs", true),
    /** Go on behind an item that was had before. */
    RESUME("resume", true),
    /** What to do if that item is no longer kept. */
    ON_GAP("onGap", true),
    /** Whole blocks in a fixed order, with marks. */
    ORDER("order", true),
    /** A mark for blocks that have nothing for this subscription. */
    EMPTY_BLOCKS("emptyBlocks", true),
    /** Some members of each item only. */
    FIELDS("fields", true),
    /** Several filters on one subscription. */
    ANY("any", true),
    /** Honour {@code fromBlock}. */
    HISTORY("history", true),
    /** The block to begin with, for subscriptions that name none themselves; it asks for history, too. */
    FROM_BLOCK("fromBlock", true);

    private final String text;
    private final boolean isAvailable;

    DeliveryOption(final String text, final boolean isAvailable)
    {
        this.text = text;
        this.isAvailable = isAvailable;
    }

    /**
     * Gives the name that clients write.
     *
     * @return the member of the options object.
     */
    public String text()
    {
        return text;
    }

    /**
     * Finds an option.
     *
     * @param text its name.
     * @return the option, or null if there is none of that name.
     */
    static DeliveryOption find(final String text)
    {
        for (final DeliveryOption option : values())
        {
            if (option.text.equals(text))
            {
                return option;
            }
        }
        return null;
    }

    /**
     * Names what this version does.
     *
     * @return the names of the options that may be given.
     */
    public static List<String> available()
    {
        return Arrays.stream(values()).filter(option -> option.isAvailable).map(option -> option.text).toList();
    }

    boolean isAvailable()
    {
        return isAvailable;
    }
}
