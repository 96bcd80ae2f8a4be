package io.ringcast.image;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One class, and how its objects stand in an image.
 * Immutable.
 */
final class ObjectForm
{
    final Class<?> type;
    final ObjectKind kind;
    /** Those of the classes above it first, else by name; as long as they are state. */
    final Field[] fields;
    /** What the class holds itself and never changes. */
    final Field[] constants;

    private ObjectForm(final Class<?> type, final ObjectKind kind, final Field[] fields, final Field[] constants)
    {
        this.type = type;
        this.kind = kind;
        this.fields = fields;
        this.constants = constants;
    }

    /** Null if the class is not known. */
    static ObjectForm of(final Class<?> type)
    {
        final ObjectKind kind = KnownClasses.kindOf(type);
        if (kind == null)
        {
            return null;
        }
        final boolean hasFields = kind == ObjectKind.FIELDS || kind == ObjectKind.RECORD ||
            kind == ObjectKind.LAMBDA || kind == ObjectKind.SETTING;
        return new ObjectForm(
            type, kind, hasFields ? stateOf(type) : new Field[0],
            constantsOf(type));
    }

    /** How the image names the class. */
    String imageName()
    {
        return kind == ObjectKind.FIXED_LIST ? KnownClasses.FIXED_LIST_NAME : type.getName();
    }

    /** Whether there is anything to write of an object. */
    boolean hasContent(final boolean isFixed)
    {
        if (kind == ObjectKind.FIELDS)
        {
            for (final Field field : fields)
            {
                if (isWritten(field, isFixed))
                {
                    return true;
                }
            }
            return false;
        }
        return kind.hasContent(isFixed);
    }

    /** What is final in an object that was there from the beginning is as it was. */
    boolean isWritten(final Field field, final boolean isFixed)
    {
        return !isFixed || !Modifier.isFinal(field.getModifiers());
    }

    static long shapeOf(final List<ObjectForm> forms)
    {
        final CRC32C crc = new CRC32C();
        forms.forEach(form -> crc.update(form.shape().getBytes(StandardCharsets.UTF_8)));
        return crc.getValue();
    }

    /** What tells whether objects of another build look alike. */
    String shape()
    {
        final StringBuilder shape = new StringBuilder(imageName()).append(' ').append(kind);
        for (final Field field : fields)
        {
            shape.append(' ').append(field.getName()).append(':').append(field.getType().getName());
        }
        return shape.toString();
    }

    private static Field[] stateOf(final Class<?> type)
    {
        final List<Field> fields = new ArrayList<>();
        if (type.isRecord())
        {
            // In the order of the components, as its constructor wants them.
            for (final var component : type.getRecordComponents())
            {
                try
                {
                    fields.add(type.getDeclaredField(component.getName()));
                }
                catch (final NoSuchFieldException e)
                {
                    throw new IllegalStateException(e);
                }
            }
        }
        else
        {
            addState(type, fields);
        }
        fields.forEach(field -> field.setAccessible(true));
        return fields.toArray(Field[]::new);
    }

    private static void addState(final Class<?> type, final List<Field> fields)
    {
        if (!KnownClasses.hasReachableFields(type))
        {
            return;
        }
        addState(type.getSuperclass(), fields);
        final List<Field> own = new ArrayList<>();
        for (final Field field : type.getDeclaredFields())
        {
            if (!Modifier.isStatic(field.getModifiers()) && !KnownClasses.isLeftOut(field))
            {
                own.add(field);
            }
        }
        own.sort(Comparator.comparing(Field::getName));
        fields.addAll(own);
    }

    /** Of the class, those above it and those around it. */
    private static Field[] constantsOf(final Class<?> type)
    {
        final List<Field> constants = new ArrayList<>();
        for (Class<?> above = type; above != null && KnownClasses.isOurs(above); above = above.getSuperclass())
        {
            for (Class<?> around = above; around != null && !around.isHidden(); around = around.getDeclaringClass())
            {
                addConstants(around, constants);
            }
        }
        return constants.toArray(Field[]::new);
    }

    private static void addConstants(final Class<?> type, final List<Field> all)
    {
        final List<Field> constants = new ArrayList<>();
        for (final Field field : type.getDeclaredFields())
        {
            final int modifiers = field.getModifiers();
            if (Modifier.isStatic(modifiers) && Modifier.isFinal(modifiers) && !field.getType().isPrimitive() &&
                !field.isSynthetic())
            {
                field.setAccessible(true);
                constants.add(field);
            }
        }
        constants.sort(Comparator.comparing(Field::getName));
        all.addAll(constants);
    }
}
