package io.ringcast.config;

/**
 * What a dialect says of a method's subscriptions and their items.
 * Immutable.
 *
 * @param identity    the member that tells two items apart where several upstreams bring them; null: all their bytes.
 * @param last        the item that ends the subscription; null if no item does.
 * @param beginsWhole whether a node begins each subscription with how things stand: who comes to one that there is
 *                    begins with its newest item.
 * @param sharing     which subscribes of the method share a subscription.
 * @param isOnce      whether to subscribe is to do something: it is asked of each upstream once and never again.
 * @param position    how items are counted; null if they are not.
 */
public record ItemTraits(String identity, LastItem last, boolean beginsWhole, Sharing sharing, boolean isOnce,
    ItemPosition position)
{
    /** Which subscribes share a subscription. */
    public enum Sharing
    {
        /** Equal ones. */
        EQUAL,
        /**
         * Equal ones whose first parameter does not list two or more things: an item may tell of some of those only, so
         * its newest item is not how things stand.
         */
        EQUAL_OF_ONE,
        /** None: each is answered with items of its own, from the first to the last. */
        NONE
    }

    /** Items of which nothing is known. */
    public static final ItemTraits NONE = new ItemTraits(null, null, false, Sharing.EQUAL, false, null);
    /** Items each of which tells how things stand. */
    static final ItemTraits WHOLE = new ItemTraits(null, null, true, Sharing.EQUAL, false, null);

    /** Items that are counted through. */
    static ItemTraits countedBy(final ItemPosition position)
    {
        return new ItemTraits(null, null, false, Sharing.EQUAL, false, position);
    }

    /** Items that a member tells apart. */
    static ItemTraits knownBy(final String member)
    {
        return new ItemTraits(member, null, false, Sharing.EQUAL, false, null);
    }

    /** Items of which one is the last. */
    static ItemTraits until(final LastItem last)
    {
        return new ItemTraits(null, last, false, Sharing.EQUAL, false, null);
    }
}
