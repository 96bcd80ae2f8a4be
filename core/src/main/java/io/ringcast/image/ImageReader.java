package io.ringcast.image;

import org.agrona.UnsafeApi;

import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
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
 * Loads what {@link ImageWriter} has written.
 * Confined to the thread that loads the image.
 */
final class ImageReader
{
    private static final int LIMIT_NUMBERS = 1 << 26;
    private static final int LIMIT_CLASSES = 1 << 16;
    private static final int LIMIT_ELEMENTS = 1 << 29;

    private final FixedObjects fixed;
    private final ImageInput in;
    private ObjectForm[] forms;
    private Object[] later;
    private ObjectForm[] laterForms;

    ImageReader(final FixedObjects fixed, final ImageInput in)
    {
        this.fixed = fixed;
        this.in = in;
    }

    long[] read() throws IOException
    {
        if (in.getCount(Integer.MAX_VALUE) != ImageWriter.FORMAT)
        {
            throw new ImageFormatException("an image of another version");
        }
        if (in.getLong() != fixed.shape() || in.getCount(Integer.MAX_VALUE) != fixed.size())
        {
            throw new ImageFormatException("an image of other classes or settings");
        }
        final long[] numbers = new long[in.getCount(LIMIT_NUMBERS)];
        for (int i = 0; i < numbers.length; i++)
        {
            numbers[i] = in.getLong();
        }
        readClasses();
        try
        {
            readConstants();
            readLater();
            readMade();
            readContents();
            readContents();
        }
        catch (final ImageFormatException e)
        {
            throw e;
        }
        catch (final RuntimeException | ReflectiveOperationException e)
        {
            throw new ImageFormatException("an image that does not fit: " + e);
        }
        in.end();
        return numbers;
    }

    private void readClasses() throws IOException
    {
        forms = new ObjectForm[in.getCount(LIMIT_CLASSES)];
        for (int i = 0; i < forms.length; i++)
        {
            final String name = in.getText();
            final Class<?> type = KnownClasses.find(name);
            forms[i] = type == null ? null : fixed.form(type);
            if (forms[i] == null || !forms[i].kind.mayComeLater())
            {
                throw new ImageFormatException("an image with the class " + name + ", which is not known");
            }
        }
        if (in.getLong() != ObjectForm.shapeOf(List.of(forms)))
        {
            throw new ImageFormatException("an image of other classes");
        }
    }

    private void readConstants() throws IOException, ReflectiveOperationException
    {
        later = new Object[in.getCount(FoundObjects.LIMIT_OBJECTS + 1)];
        laterForms = new ObjectForm[later.length];
        for (int reference = in.getCount(Integer.MAX_VALUE); reference != Reference.NULL;
            reference = in.getCount(Integer.MAX_VALUE))
        {
            final Class<?> holder = KnownClasses.find(in.getText());
            final String name = in.getText();
            final Field field = holder == null ? null : holder.getDeclaredField(name);
            if (field == null || !Modifier.isStatic(field.getModifiers()) || !Modifier.isFinal(field.getModifiers()))
            {
                throw new ImageFormatException("an image with the constant " + name + ", which is not known");
            }
            field.setAccessible(true);
            later[laterNumber(reference)] = field.get(null);
        }
    }

    private void readLater() throws IOException
    {
        for (int number = 0; number < later.length; number++)
        {
            if (later[number] == null)
            {
                laterForms[number] = forms[in.getCount(forms.length)];
                later[number] = begin(laterForms[number]);
            }
        }
    }

    /** Null if it is made from its parts later. */
    private Object begin(final ObjectForm form) throws IOException
    {
        return switch (form.kind)
        {
            case TEXT -> in.getText();
            case INTEGER -> (int)in.getLong();
            case LONG -> in.getLong();
            case BOOLEAN -> in.getByte() != 0;
            case DOUBLE -> Double.longBitsToDouble(in.getLong());
            case ENUM -> enumConstant(form.type, in.getText());
            case OBJECTS -> Array.newInstance(form.type.getComponentType(), in.getCount(LIMIT_ELEMENTS));
            case BYTES, BOOLEANS, SHORTS, INTS, LONGS, DOUBLES ->
            {
                final Object array = PrimitiveArrays.make(form.kind, in.getCount(LIMIT_ELEMENTS));
                PrimitiveArrays.read(array, form.kind, in);
                yield array;
            }
            case RECORD, FIXED_LIST -> null;
            case ARRAY_LIST -> new ArrayList<>();
            case ARRAY_DEQUE -> new ArrayDeque<>();
            case LINKED_LIST -> new LinkedList<>();
            case LINKED_HASH_MAP -> new LinkedHashMap<>();
            case LINKED_HASH_SET -> new LinkedHashSet<>();
            case TREE_MAP -> new TreeMap<>(comparator());
            case TREE_SET -> new TreeSet<>(comparator());
            case PRIORITY_QUEUE -> new PriorityQueue<>(comparator());
            case BIT_SET -> new BitSet();
            case ATOMIC_LONG -> new AtomicLong();
            case STRING_BUILDER -> new StringBuilder();
            default -> UnsafeApi.allocateInstance(form.type);
        };
    }

    private static Object enumConstant(final Class<?> type, final String name)
    {
        for (final Object constant : type.getEnumConstants())
        {
            if (((Enum<?>)constant).name().equals(name))
            {
                return constant;
            }
        }
        throw new ImageFormatException("an image with the constant " + name + ", which is not known");
    }

    @SuppressWarnings("unchecked")
    private Comparator<Object> comparator() throws IOException
    {
        return (Comparator<Object>)getReference();
    }

    private void readMade() throws IOException, ReflectiveOperationException
    {
        for (int reference = in.getCount(Integer.MAX_VALUE); reference != Reference.NULL;
            reference = in.getCount(Integer.MAX_VALUE))
        {
            final int number = laterNumber(reference);
            final ObjectForm form = laterForms[number];
            if (form == null || !form.kind.isMadeFromParts() || later[number] != null)
            {
                throw new ImageFormatException("an image that makes an object twice");
            }
            later[number] = form.kind == ObjectKind.RECORD ? record(form) : list();
        }
    }

    private Object record(final ObjectForm form) throws IOException, ReflectiveOperationException
    {
        final Object[] parts = new Object[form.fields.length];
        final Class<?>[] types = new Class<?>[parts.length];
        for (int i = 0; i < parts.length; i++)
        {
            types[i] = form.fields[i].getType();
            parts[i] = types[i].isPrimitive() ? primitive(types[i], in.getLong()) : getReference();
        }
        final var constructor = form.type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        final Object record = constructor.newInstance(parts);
        for (int i = 0; i < parts.length; i++)
        {
            final Object kept = form.fields[i].get(record);
            if (types[i].isPrimitive() ? !kept.equals(parts[i]) : kept != parts[i])
            {
                throw new ImageFormatException("an image with " + form.type.getName() + ", which changes its parts");
            }
        }
        return record;
    }

    private List<Object> list() throws IOException
    {
        final Object[] elements = new Object[in.getCount(LIMIT_ELEMENTS)];
        for (int i = 0; i < elements.length; i++)
        {
            elements[i] = getReference();
        }
        return List.of(elements);
    }

    private void readContents() throws IOException, ReflectiveOperationException
    {
        for (int reference = in.getCount(Integer.MAX_VALUE); reference != Reference.NULL;
            reference = in.getCount(Integer.MAX_VALUE))
        {
            final Object object = resolve(reference);
            final boolean isFixed = Reference.isFixed(reference);
            final ObjectForm form =
                isFixed ? fixed.form(object.getClass()) : laterForms[Reference.number(reference)];
            if (isFixed && fixed.isShared(Reference.number(reference)) || form == null || !form.hasContent(isFixed))
            {
                throw new ImageFormatException("an image that changes what it may not");
            }
            readContent(object, form, isFixed);
        }
    }

    @SuppressWarnings("unchecked")
    private void readContent(final Object object, final ObjectForm form, final boolean isFixed)
        throws IOException, ReflectiveOperationException
    {
        switch (form.kind)
        {
            case FIELDS -> readFields(object, form, isFixed);
            case OBJECTS ->
            {
                final Object[] elements = (Object[])object;
                for (int i = 0; i < elements.length; i++)
                {
                    elements[i] = getReference();
                }
            }
            case BYTES, BOOLEANS, SHORTS, INTS, LONGS, DOUBLES -> PrimitiveArrays.read(object, form.kind, in);
            case LINKED_HASH_MAP, TREE_MAP ->
            {
                final Map<Object, Object> map = (Map<Object, Object>)object;
                map.clear();
                for (int left = in.getCount(LIMIT_ELEMENTS); left > 0; left--)
                {
                    map.put(getReference(), getReference());
                }
            }
            case BIT_SET ->
            {
                final long[] words = new long[in.getCount(LIMIT_ELEMENTS)];
                PrimitiveArrays.read(words, ObjectKind.LONGS, in);
                ((BitSet)object).clear();
                ((BitSet)object).or(BitSet.valueOf(words));
            }
            case ATOMIC_LONG -> ((AtomicLong)object).set(in.getLong());
            case STRING_BUILDER ->
            {
                ((StringBuilder)object).setLength(0);
                ((StringBuilder)object).append(in.getText());
            }
            default ->
            {
                final Collection<Object> elements = (Collection<Object>)object;
                elements.clear();
                for (int left = in.getCount(LIMIT_ELEMENTS); left > 0; left--)
                {
                    elements.add(getReference());
                }
            }
        }
    }

    private void readFields(final Object object, final ObjectForm form, final boolean isFixed)
        throws IOException, IllegalAccessException
    {
        for (final Field field : form.fields)
        {
            if (form.isWritten(field, isFixed))
            {
                readField(field, object);
            }
        }
    }

    private void readField(final Field field, final Object object) throws IOException, IllegalAccessException
    {
        final Class<?> type = field.getType();
        if (!type.isPrimitive())
        {
            field.set(object, getReference());
        }
        else if (type == long.class)
        {
            field.setLong(object, in.getLong());
        }
        else if (type == int.class)
        {
            field.setInt(object, (int)in.getLong());
        }
        else
        {
            field.set(object, primitive(type, in.getLong()));
        }
    }

    private static Object primitive(final Class<?> type, final long bits)
    {
        if (type == boolean.class)
        {
            return bits != 0;
        }
        if (type == int.class)
        {
            return (int)bits;
        }
        if (type == byte.class)
        {
            return (byte)bits;
        }
        if (type == short.class)
        {
            return (short)bits;
        }
        if (type == char.class)
        {
            return (char)bits;
        }
        if (type == double.class)
        {
            return Double.longBitsToDouble(bits);
        }
        return type == float.class ? (Object)Float.intBitsToFloat((int)bits) : (Object)bits;
    }

    private Object getReference() throws IOException
    {
        final int reference = in.getCount(Integer.MAX_VALUE);
        return reference == Reference.NULL ? null : resolve(reference);
    }

    private Object resolve(final int reference)
    {
        final int number = Reference.number(reference);
        if (Reference.isFixed(reference) && number < fixed.size())
        {
            return fixed.get(number);
        }
        final Object object = later[laterNumber(reference)];
        if (object == null)
        {
            throw new ImageFormatException("an image that names an object before it is made");
        }
        return object;
    }

    private int laterNumber(final int reference)
    {
        final int number = Reference.number(reference);
        if (Reference.isFixed(reference) || number >= later.length)
        {
            throw new ImageFormatException("an image with an object that is not there");
        }
        return number;
    }
}
