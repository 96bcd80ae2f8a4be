package io.ringcast.image;

import org.HdrHistogram.AbstractHistogram;

import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which classes may stand in an image, and how; all others are refused.
 * Immutable.
 */
final class KnownClasses
{
    /** How an image names the JDK's lists that never change; their classes are its own affair. */
    static final String FIXED_LIST_NAME = "java.util.List";

    private static final Map<Class<?>, ObjectKind> BY_CLASS = Map.ofEntries(
        Map.entry(byte[].class, ObjectKind.BYTES),
        Map.entry(boolean[].class, ObjectKind.BOOLEANS),
        Map.entry(short[].class, ObjectKind.SHORTS),
        Map.entry(int[].class, ObjectKind.INTS),
        Map.entry(long[].class, ObjectKind.LONGS),
        Map.entry(double[].class, ObjectKind.DOUBLES),
        Map.entry(String.class, ObjectKind.TEXT),
        Map.entry(Integer.class, ObjectKind.INTEGER),
        Map.entry(Long.class, ObjectKind.LONG),
        Map.entry(Boolean.class, ObjectKind.BOOLEAN),
        Map.entry(Double.class, ObjectKind.DOUBLE),
        Map.entry(ArrayList.class, ObjectKind.ARRAY_LIST),
        Map.entry(ArrayDeque.class, ObjectKind.ARRAY_DEQUE),
        Map.entry(LinkedList.class, ObjectKind.LINKED_LIST),
        Map.entry(LinkedHashMap.class, ObjectKind.LINKED_HASH_MAP),
        Map.entry(LinkedHashSet.class, ObjectKind.LINKED_HASH_SET),
        Map.entry(TreeMap.class, ObjectKind.TREE_MAP),
        Map.entry(TreeSet.class, ObjectKind.TREE_SET),
        Map.entry(PriorityQueue.class, ObjectKind.PRIORITY_QUEUE),
        Map.entry(BitSet.class, ObjectKind.BIT_SET),
        Map.entry(AtomicLong.class, ObjectKind.ATOMIC_LONG),
        Map.entry(StringBuilder.class, ObjectKind.STRING_BUILDER),
        Map.entry(Object.class, ObjectKind.FIELDS));

    /** Ours, and what keeps its state in fields that may be written. */
    private static final List<String> WITH_FIELDS =
        List.of("io.ringcast.", "org.agrona.collections.", "org.agrona.concurrent.", "org.HdrHistogram.");
    /** The same in each pipeline with the same settings, and never changed. */
    private static final String SETTINGS = "io.ringcast.config.";
    /** What has no state that stages could see. */
    private static final List<String> OUTSIDE = List.of(
        "com.lmax.disruptor.", "io.netty.", "org.slf4j.", "ch.qos.logback.", "com.dslplatform.json.",
        "java.util.regex.Pattern", "java.net.URI", "java.lang.invoke.", "java.util.HexFormat", "java.nio.charset.",
        "sun.nio.cs.");

    private KnownClasses()
    {
    }

    /** Null if objects of the class may not be there. */
    static ObjectKind kindOf(final Class<?> type)
    {
        if (BY_CLASS.containsKey(type))
        {
            return BY_CLASS.get(type);
        }
        if (type.isArray())
        {
            return type.getComponentType().isPrimitive() ? null : ObjectKind.OBJECTS;
        }
        if (Enum.class.isAssignableFrom(type) && isOurs(type))
        {
            return ObjectKind.ENUM;
        }
        if (type.isAnnotationPresent(NotInImage.class) || isIn(OUTSIDE, type))
        {
            return ObjectKind.OUTSIDE;
        }
        if (!isIn(WITH_FIELDS, type))
        {
            return kindOfForeign(type);
        }
        if (type.isHidden())
        {
            return ObjectKind.LAMBDA;
        }
        if (type.getName().startsWith(SETTINGS))
        {
            return ObjectKind.SETTING;
        }
        if (type.isRecord())
        {
            return ObjectKind.RECORD;
        }
        return hasForeignState(type) ? null : ObjectKind.FIELDS;
    }

    /**
     * Finds a class that an image names.
     *
     * @param name as {@link ObjectForm#imageName()} gives it.
     * @return the class, which may be one of which no object can come from an image.
     */
    static Class<?> find(final String name)
    {
        if (name.equals(FIXED_LIST_NAME))
        {
            return List.of().getClass();
        }
        final String element = name.startsWith("[L") ? name.substring(2, name.length() - 1) :
            name.startsWith("[[L") ? name.substring(3, name.length() - 1) : name;
        final boolean isKnown = isIn(WITH_FIELDS, element) || element.startsWith("[") ||
            BY_CLASS.keySet().stream().anyMatch(type -> type.getName().equals(element));
        try
        {
            return isKnown ? Class.forName(name, false, KnownClasses.class.getClassLoader()) : null;
        }
        catch (final ClassNotFoundException e)
        {
            return null;
        }
    }

    static boolean isOurs(final Class<?> type)
    {
        return type.getName().startsWith("io.ringcast.");
    }

    /** Whether a field is no state: says so, or differs from process to process. */
    static boolean isLeftOut(final Field field)
    {
        return field.isAnnotationPresent(NotInImage.class) ||
            AbstractHistogram.class.isAssignableFrom(field.getDeclaringClass()) && field.getName().equals("identity");
    }

    static boolean hasReachableFields(final Class<?> type)
    {
        return isIn(WITH_FIELDS, type);
    }

    private static ObjectKind kindOfForeign(final Class<?> type)
    {
        final String name = type.getName();
        if (name.startsWith("java.util.ImmutableCollections$List") ||
            name.equals("java.util.ImmutableCollections$SubList"))
        {
            return ObjectKind.FIXED_LIST;
        }
        if (name.startsWith("java.util.ImmutableCollections$Set"))
        {
            return ObjectKind.FIXED_SET;
        }
        if (name.startsWith("java.util.ImmutableCollections$Map"))
        {
            return ObjectKind.FIXED_MAP;
        }
        // A comparator that the JDK has made of one of ours.
        return type.isHidden() && name.startsWith("java.util.Comparator$$Lambda") ? ObjectKind.OUTSIDE : null;
    }

    /** The fields of the JDK's classes can't be reached. */
    private static boolean hasForeignState(final Class<?> type)
    {
        for (Class<?> above = type.getSuperclass(); above != Object.class; above = above.getSuperclass())
        {
            if (!isIn(WITH_FIELDS, above))
            {
                return !above.getName().equals("java.util.AbstractCollection") &&
                    !above.getName().equals("java.util.AbstractSet") &&
                    !above.getName().equals("java.util.AbstractList");
            }
        }
        return false;
    }

    private static boolean isIn(final List<String> prefixes, final Class<?> type)
    {
        return isIn(prefixes, type.getName());
    }

    private static boolean isIn(final List<String> prefixes, final String name)
    {
        for (int i = 0; i < prefixes.size(); i++)
        {
            if (name.startsWith(prefixes.get(i)))
            {
                return true;
            }
        }
        return false;
    }
}
