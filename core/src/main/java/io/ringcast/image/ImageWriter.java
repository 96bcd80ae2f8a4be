package io.ringcast.image;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes an image.
 * Confined to the thread that makes the image.
 *
 * <pre>
 *   format, shape of the fixed objects, numbers of the caller
 *   classes       their names, and a check of their fields
 *   constants     those that came into play later: class and field
 *   later         each other object that came later: its class; what it is made with
 *   made          what is made from its parts: records, lists of the JDK that never change
 *   contents      of each object, fixed or later
 *   asking        contents of maps, sets and queues that ask their elements: all else is there by then
 * </pre>
 */
final class ImageWriter
{
    static final int FORMAT = 1;

    private final FixedObjects fixed;
    private final FoundObjects found;
    private final ImageOutput out;

    ImageWriter(final FixedObjects fixed, final FoundObjects found, final ImageOutput out)
    {
        this.fixed = fixed;
        this.found = found;
        this.out = out;
    }

    void write(final long[] numbers) throws IOException
    {
        out.putCount(FORMAT);
        out.putLong(fixed.shape());
        out.putCount(fixed.size());
        out.putCount(numbers.length);
        for (final long number : numbers)
        {
            out.putLong(number);
        }
        writeClasses();
        writeLater();
        writeMade();
        writeContents(false);
        writeContents(true);
        out.end();
    }

    private void writeClasses() throws IOException
    {
        out.putCount(found.forms().size());
        for (final ObjectForm form : found.forms())
        {
            out.putText(form.imageName());
        }
        out.putLong(ObjectForm.shapeOf(found.forms()));
    }

    private void writeLater() throws IOException
    {
        out.putCount(found.laterObjects());
        for (int number = 0; number < found.laterObjects(); number++)
        {
            if (found.laterForm(number) == null)
            {
                final Field constant = found.laterConstant(number);
                out.putCount(Reference.toLater(number));
                out.putText(constant.getDeclaringClass().getName());
                out.putText(constant.getName());
            }
        }
        out.putCount(Reference.NULL);
        for (int number = 0; number < found.laterObjects(); number++)
        {
            final ObjectForm form = found.laterForm(number);
            if (form != null)
            {
                out.putCount(found.laterFormIndex(number));
                writeBeginning(found.later(number), form);
            }
        }
    }

    /** What an object is made with. */
    private void writeBeginning(final Object object, final ObjectForm form) throws IOException
    {
        switch (form.kind)
        {
            case TEXT -> out.putText((String)object);
            case INTEGER -> out.putLong((Integer)object);
            case LONG -> out.putLong((Long)object);
            case BOOLEAN -> out.putByte((Boolean)object ? 1 : 0);
            case DOUBLE -> out.putLong(Double.doubleToRawLongBits((Double)object));
            case ENUM -> out.putText(((Enum<?>)object).name());
            case OBJECTS -> out.putCount(((Object[])object).length);
            case TREE_MAP -> putReference(((SortedMap<?, ?>)object).comparator());
            case TREE_SET -> putReference(((SortedSet<?>)object).comparator());
            case PRIORITY_QUEUE -> putReference(((PriorityQueue<?>)object).comparator());
            case BYTES, BOOLEANS, SHORTS, INTS, LONGS, DOUBLES ->
            {
                out.putCount(PrimitiveArrays.length(object));
                PrimitiveArrays.write(object, form.kind, out);
            }
            default ->
            {
                // Is made empty.
            }
        }
    }

    private void writeMade() throws IOException
    {
        final BitSet made = new BitSet();
        final Deque<Object> open = new ArrayDeque<>();
        for (int place = 0; place < found.ordered(); place++)
        {
            if (!Reference.isFixed(found.referenceAt(place)) && found.formAt(place).kind.isMadeFromParts())
            {
                open.push(found.objectAt(place));
                while (!open.isEmpty())
                {
                    writeMade(open, made);
                }
            }
        }
        out.putCount(Reference.NULL);
    }

    /** What is on top, if its parts are made; else these come before it. */
    private void writeMade(final Deque<Object> open, final BitSet made) throws IOException
    {
        final Object object = open.peek();
        final int number = Reference.number(found.reference(object));
        if (made.get(number))
        {
            open.pop();
            return;
        }
        final ObjectForm form = found.laterForm(number);
        final int before = open.size();
        References.forEach(object, form, part ->
        {
            final int reference = found.reference(part);
            if (reference != Reference.NULL && !Reference.isFixed(reference) &&
                isUnmade(Reference.number(reference), made))
            {
                open.push(part);
            }
        });
        if (open.size() == before)
        {
            open.pop();
            made.set(number);
            out.putCount(found.reference(object));
            writeContent(object, form, false);
        }
    }

    private boolean isUnmade(final int number, final BitSet made)
    {
        final ObjectForm form = found.laterForm(number);
        return form != null && form.kind.isMadeFromParts() && !made.get(number);
    }

    private void writeContents(final boolean isAsking) throws IOException
    {
        for (int place = 0; place < found.ordered(); place++)
        {
            final ObjectForm form = found.formAt(place);
            final boolean isFixed = Reference.isFixed(found.referenceAt(place));
            if (form.kind.asksItsElements() == isAsking && form.hasContent(isFixed))
            {
                out.putCount(found.referenceAt(place));
                writeContent(found.objectAt(place), form, isFixed);
            }
        }
        out.putCount(Reference.NULL);
    }

    private void writeContent(final Object object, final ObjectForm form, final boolean isFixed) throws IOException
    {
        switch (form.kind)
        {
            case FIELDS, RECORD -> writeFields(object, form, isFixed);
            case OBJECTS ->
            {
                for (final Object element : (Object[])object)
                {
                    putReference(element);
                }
            }
            case BYTES, BOOLEANS, SHORTS, INTS, LONGS, DOUBLES -> PrimitiveArrays.write(object, form.kind, out);
            case ARRAY_LIST, ARRAY_DEQUE, LINKED_LIST, LINKED_HASH_SET, TREE_SET, PRIORITY_QUEUE, FIXED_LIST ->
            {
                final Collection<?> elements = (Collection<?>)object;
                out.putCount(elements.size());
                for (final Object element : elements)
                {
                    putReference(element);
                }
            }
            case LINKED_HASH_MAP, TREE_MAP ->
            {
                final Map<?, ?> map = (Map<?, ?>)object;
                out.putCount(map.size());
                for (final Map.Entry<?, ?> entry : map.entrySet())
                {
                    putReference(entry.getKey());
                    putReference(entry.getValue());
                }
            }
            case BIT_SET ->
            {
                final long[] words = ((BitSet)object).toLongArray();
                out.putCount(words.length);
                PrimitiveArrays.write(words, ObjectKind.LONGS, out);
            }
            case ATOMIC_LONG -> out.putLong(((AtomicLong)object).get());
            case STRING_BUILDER -> out.putText(object.toString());
            default -> throw new IllegalStateException(form.kind + " has no content");
        }
    }

    private void writeFields(final Object object, final ObjectForm form, final boolean isFixed) throws IOException
    {
        for (final Field field : form.fields)
        {
            if (form.isWritten(field, isFixed))
            {
                writeField(field, object);
            }
        }
    }

    private void writeField(final Field field, final Object object) throws IOException
    {
        final Class<?> type = field.getType();
        final Object value = References.read(field, object);
        if (!type.isPrimitive())
        {
            putReference(value);
        }
        else if (type == boolean.class)
        {
            out.putLong((boolean)value ? 1 : 0);
        }
        else if (type == double.class)
        {
            out.putLong(Double.doubleToRawLongBits((double)value));
        }
        else if (type == char.class)
        {
            out.putLong((char)value);
        }
        else if (type == float.class)
        {
            out.putLong(Float.floatToRawIntBits((float)value));
        }
        else
        {
            out.putLong(((Number)value).longValue());
        }
    }

    private void putReference(final Object object) throws IOException
    {
        out.putCount(found.reference(object));
    }
}
