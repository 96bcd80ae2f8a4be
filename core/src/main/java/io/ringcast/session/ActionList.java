package io.ringcast.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A list of reused objects that one stage leaves in a slot for the next.
 * Confined to the thread that holds the slot.
 *
 * @param <A> the kind of action; its objects are kept and filled again, so a steady state allocates nothing.
 */
public final class ActionList<A>
{
    private static final int RETAINED = 64;

    private final List<A> actions = new ArrayList<>(1);
    private final Supplier<A> factory;
    private int size;

    /**
     * Creates an empty list.
     *
     * @param factory makes an empty action.
     */
    public ActionList(final Supplier<A> factory)
    {
        this.factory = factory;
    }

    /**
     * Adds an action. Its fields hold what an earlier use left: the caller sets each field that its kind names.
     *
     * @return the action to fill.
     */
    public A add()
    {
        if (size == actions.size())
        {
            actions.add(factory.get());
        }
        return actions.get(size++);
    }

    /**
     * How many actions were added since the last {@link #clear()}.
     *
     * @return the number.
     */
    public int size()
    {
        return size;
    }

    /**
     * Gives one action.
     *
     * @param index 0 to {@link #size()} - 1.
     * @return the action.
     */
    public A get(final int index)
    {
        return actions.get(index);
    }

    /** Empties the list; what an unusually long one held is given back to the collector. */
    public void clear()
    {
        size = 0;
        if (actions.size() > RETAINED)
        {
            actions.subList(RETAINED, actions.size()).clear();
        }
    }

    /**
     * Gives all actions that it has, also those that wait to be used again.
     *
     * @param taker takes each.
     */
    public void forEachKept(final Consumer<? super A> taker)
    {
        actions.forEach(taker);
    }
}
