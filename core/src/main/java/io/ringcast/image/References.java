package io.ringcast.image;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * What stands behind an object, in an order that is the same in each process.
 * Any thread; the object is borrowed.
 */
final class References
{
    private References()
    {
    }

    static void forEach(final Object object, final ObjectForm form, final Consumer<Object> taker)
    {
        switch (form.kind)
        {
            case LAMBDA, SETTING, FIELDS, RECORD -> forEachField(object, form, taker);
            case OBJECTS ->
            {
                for (int i = 0, length = Array.getLength(object); i < length; i++)
                {
                    taker.accept(((Object[])object)[i]);
                }
            }
            case ARRAY_LIST, ARRAY_DEQUE, LINKED_LIST, LINKED_HASH_SET, FIXED_LIST ->
                ((Collection<?>)object).forEach(taker);
            case TREE_SET ->
            {
                taker.accept(((SortedSet<?>)object).comparator());
                ((Collection<?>)object).forEach(taker);
            }
            case PRIORITY_QUEUE ->
            {
                taker.accept(((PriorityQueue<?>)object).comparator());
                ((Collection<?>)object).forEach(taker);
            }
            case LINKED_HASH_MAP -> forEachEntry((Map<?, ?>)object, taker);
            case TREE_MAP ->
            {
                taker.accept(((SortedMap<?, ?>)object).comparator());
                forEachEntry((Map<?, ?>)object, taker);
            }
            case FIXED_SET -> inOrder((Collection<?>)object).forEach(taker);
            case FIXED_MAP ->
            {
                for (final Object key : inOrder(((Map<?, ?>)object).keySet()))
                {
                    taker.accept(key);
                    taker.accept(((Map<?, ?>)object).get(key));
                }
            }
            default ->
            {
                // Nothing but its own content.
            }
        }
    }

    static Object read(final Field field, final Object object)
    {
        try
        {
            return field.get(object);
        }
        catch (final IllegalAccessException e)
        {
            throw new IllegalStateException(field + " can't be read", e);
        }
    }

    private static void forEachField(final Object object, final ObjectForm form, final Consumer<Object> taker)
    {
        for (final Field field : form.fields)
        {
            if (!field.getType().isPrimitive())
            {
                taker.accept(read(field, object));
            }
        }
    }

    private static void forEachEntry(final Map<?, ?> map, final Consumer<Object> taker)
    {
        map.forEach((key, value) ->
        {
            taker.accept(key);
            taker.accept(value);
        });
    }

    /** The JDK gives them in an order that it draws at the start. */
    private static List<Object> inOrder(final Collection<?> elements)
    {
        final List<Object> sorted = new ArrayList<>(elements);
        sorted.sort((one, other) -> compare(one, other));
        return sorted;
    }

    @SuppressWarnings("unchecked")
    private static int compare(final Object one, final Object other)
    {
        if (one instanceof Comparable && one.getClass() == other.getClass())
        {
            return ((Comparable<Object>)one).compareTo(other);
        }
        throw new UnknownStateException("a set or map without an order, with " + one.getClass().getName());
    }
}
