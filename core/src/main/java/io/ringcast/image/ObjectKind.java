package io.ringcast.image;

/** How the objects of a class stand in an image. Immutable. */
enum ObjectKind
{
    /** Only known by its place; nobody looks behind it. */
    OUTSIDE,
    /** A lambda: the same in each pipeline; looked behind, but not written. */
    LAMBDA,
    /** A setting: all pipelines of the process share it; looked behind for the numbers alone. */
    SETTING,
    /** An ordinary object: its fields. */
    FIELDS,
    /** Made anew from its components. */
    RECORD,
    /** An array of references. */
    OBJECTS,
    BYTES,
    BOOLEANS,
    SHORTS,
    INTS,
    LONGS,
    DOUBLES,
    TEXT,
    INTEGER,
    LONG,
    BOOLEAN,
    DOUBLE,
    ENUM,
    /** A static final field, as far as it is only found behind objects that came later. */
    CONSTANT,
    ARRAY_LIST,
    ARRAY_DEQUE,
    LINKED_LIST,
    LINKED_HASH_MAP,
    LINKED_HASH_SET,
    TREE_MAP,
    TREE_SET,
    PRIORITY_QUEUE,
    BIT_SET,
    ATOMIC_LONG,
    STRING_BUILDER,
    /** As {@code List.of} makes it. */
    FIXED_LIST,
    /** As {@code Set.of} makes it; only from the beginning, since its order differs from process to process. */
    FIXED_SET,
    /** As {@code Map.of} makes it; as {@link #FIXED_SET}. */
    FIXED_MAP;

    /** Whether two of them are the same if they are equal: written once, whoever holds it. */
    boolean isByValue()
    {
        return switch (this)
        {
            case TEXT, INTEGER, LONG, BOOLEAN, DOUBLE, ENUM -> true;
            default -> false;
        };
    }

    /** Whether objects of it can only be made when what they hold is there. */
    boolean isMadeFromParts()
    {
        return this == RECORD || this == FIXED_LIST;
    }

    /** Whether there is anything to be written beyond what an object is made with. */
    boolean hasContent(final boolean isFixed)
    {
        return switch (this)
        {
            case FIELDS, OBJECTS, ARRAY_LIST, ARRAY_DEQUE, LINKED_LIST, LINKED_HASH_MAP, LINKED_HASH_SET, TREE_MAP,
                TREE_SET, PRIORITY_QUEUE, BIT_SET, ATOMIC_LONG, STRING_BUILDER -> true;
            case BYTES, BOOLEANS, SHORTS, INTS, LONGS, DOUBLES -> isFixed;
            default -> false;
        };
    }

    /** Whether its content may only come when all else is there: it asks its elements for hash codes or an order. */
    boolean asksItsElements()
    {
        return switch (this)
        {
            case LINKED_HASH_MAP, LINKED_HASH_SET, TREE_MAP, TREE_SET, PRIORITY_QUEUE -> true;
            default -> false;
        };
    }

    /** Whether objects of it may come later, and not only be there from the beginning. */
    boolean mayComeLater()
    {
        return this != OUTSIDE && this != LAMBDA && this != SETTING && this != FIXED_SET && this != FIXED_MAP;
    }
}
