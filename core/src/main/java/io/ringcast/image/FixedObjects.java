package io.ringcast.image;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * All that is reachable from the stages of a new pipeline, numbered: two pipelines with the same settings have the same
 * numbers, so what one's image names the other has.
 * Confined to the thread that makes or loads the image.
 */
final class FixedObjects
{
    private final ObjectNumbers numbers = new ObjectNumbers();
    private final Map<Class<?>, ObjectForm> forms = new HashMap<>();
    /** By number: what a class or a setting holds. All pipelines of the process share it, so it is not written. */
    private final BitSet shared = new BitSet();
    private final int roots;
    private final long shape;
    private int[] foundBehind = new int[64];
    private int current = ObjectNumbers.UNKNOWN;

    /** Numbers what is reachable now; before the first event. */
    FixedObjects(final Object... roots)
    {
        this.roots = roots.length;
        for (final Object root : roots)
        {
            note(root);
        }
        final CRC32C crc = new CRC32C();
        final Set<ObjectForm> noted = new HashSet<>();
        for (int number = 0; number < numbers.size(); number++)
        {
            current = number;
            final Object object = numbers.get(number);
            final ObjectForm form = formOf(object);
            crc.update((object.getClass().isHidden() ? "lambda" : form.shape()).getBytes(StandardCharsets.UTF_8));
            if (noted.add(form))
            {
                noteConstants(form);
            }
            References.forEach(object, form, this::note);
        }
        shape = crc.getValue();
        share();
    }

    /** How many of the first are the roots. */
    int roots()
    {
        return roots;
    }

    int size()
    {
        return numbers.size();
    }

    Object get(final int number)
    {
        return numbers.get(number);
    }

    int find(final Object object)
    {
        return numbers.find(object);
    }

    boolean isShared(final int number)
    {
        return shared.get(number);
    }

    /** Tells whether another pipeline has the same objects. */
    long shape()
    {
        return shape;
    }

    /** The object behind which this one was found, or {@link ObjectNumbers#UNKNOWN} for a root. */
    int foundBehind(final int number)
    {
        return foundBehind[number];
    }

    /** Null if the class is not known. */
    ObjectForm form(final Class<?> type)
    {
        return forms.computeIfAbsent(type, ObjectForm::of);
    }

    private ObjectForm formOf(final Object object)
    {
        final ObjectForm form = form(object.getClass());
        if (form == null)
        {
            throw new UnknownStateException(path(object));
        }
        return form;
    }

    private void noteConstants(final ObjectForm form)
    {
        for (final Field field : form.constants)
        {
            final Object constant = References.read(field, null);
            final ObjectForm constantForm = constant == null ? null : form(constant.getClass());
            if (constantForm != null && !constantForm.kind.isByValue())
            {
                note(constant);
                shared.set(numbers.find(constant));
            }
        }
    }

    private void note(final Object object)
    {
        if (object == null || formOf(object).kind.isByValue() || numbers.find(object) != ObjectNumbers.UNKNOWN)
        {
            return;
        }
        if (numbers.size() == foundBehind.length)
        {
            foundBehind = Arrays.copyOf(foundBehind, numbers.size() * 2);
        }
        foundBehind[numbers.size()] = current;
        numbers.add(object);
    }

    /** What stands behind something shared is shared. */
    private void share()
    {
        final int[] queue = new int[numbers.size()];
        final int[] filled = new int[1];
        for (int number = 0; number < numbers.size(); number++)
        {
            if (shared.get(number) || formOf(numbers.get(number)).kind == ObjectKind.SETTING)
            {
                shared.set(number);
                queue[filled[0]++] = number;
            }
        }
        for (int done = 0; done < filled[0]; done++)
        {
            final Object object = numbers.get(queue[done]);
            References.forEach(object, formOf(object), behind ->
            {
                final int number = behind == null ? ObjectNumbers.UNKNOWN : numbers.find(behind);
                if (number != ObjectNumbers.UNKNOWN && !shared.get(number))
                {
                    shared.set(number);
                    queue[filled[0]++] = number;
                }
            });
        }
    }

    private String path(final Object object)
    {
        final StringBuilder path = new StringBuilder(object.getClass().getName());
        for (int at = current; at != ObjectNumbers.UNKNOWN; at = foundBehind[at])
        {
            path.append(" behind ").append(numbers.get(at).getClass().getName());
        }
        return path.toString();
    }
}
