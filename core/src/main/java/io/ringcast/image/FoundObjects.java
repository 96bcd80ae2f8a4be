package io.ringcast.image;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that is reachable from the stages of a pipeline at one slot: those that were there from the beginning, and those
 * that came later, which are numbered in the order in which they are found.
 * Confined to the thread that makes the image.
 */
final class FoundObjects
{
    /** So many fit into what names them. */
    static final int LIMIT_OBJECTS = 1 << 28;

    private final FixedObjects fixed;
    private final ObjectNumbers borrowed = new ObjectNumbers();
    private final BitSet reached = new BitSet();
    private final ObjectNumbers later = new ObjectNumbers();
    private final Map<Object, Integer> values = new HashMap<>();
    private final Map<String, Integer> formIndexes = new HashMap<>();
    private final List<ObjectForm> forms = new ArrayList<>();
    private final Set<ObjectForm> noted = new HashSet<>();
    /** Those of classes of which there was no object at the beginning. */
    private final ObjectNumbers constants = new ObjectNumbers();
    private final List<Field> constantFields = new ArrayList<>();
    private int[] formOf = new int[64];
    /** References of all objects whose content belongs to the image, in the order in which they were found. */
    private int[] order = new int[64];
    private int[] foundBehind = new int[64];
    private int ordered;
    private int current = ObjectNumbers.UNKNOWN;

    /**
     * Finds what is reachable now.
     *
     * @param fixed    what was reachable at the beginning.
     * @param borrowed what must not be reachable: it belongs to somebody else.
     */
    FoundObjects(final FixedObjects fixed, final Collection<?> borrowed)
    {
        this.fixed = fixed;
        for (final Object one : borrowed)
        {
            if (this.borrowed.find(one) == ObjectNumbers.UNKNOWN)
            {
                this.borrowed.add(one);
            }
        }
        for (int root = 0; root < fixed.roots(); root++)
        {
            find(fixed.get(root));
        }
        for (int done = 0; done < ordered; done++)
        {
            current = done;
            final Object object = objectAt(done);
            References.forEach(object, formAt(done), this::find);
        }
    }

    /** How many objects have content. */
    int ordered()
    {
        return ordered;
    }

    int referenceAt(final int place)
    {
        return order[place];
    }

    Object objectAt(final int place)
    {
        final int reference = order[place];
        return Reference.isFixed(reference) ? fixed.get(Reference.number(reference)) :
            later.get(Reference.number(reference));
    }

    ObjectForm formAt(final int place)
    {
        final int reference = order[place];
        return Reference.isFixed(reference) ? fixed.form(fixed.get(Reference.number(reference)).getClass()) :
            laterForm(Reference.number(reference));
    }

    /** Those that came later. */
    int laterObjects()
    {
        return later.size();
    }

    Object later(final int number)
    {
        return later.get(number);
    }

    /** Null for a constant. */
    ObjectForm laterForm(final int number)
    {
        return formOf[number] < 0 ? null : forms.get(formOf[number]);
    }

    int laterFormIndex(final int number)
    {
        return formOf[number];
    }

    /** What holds a constant. */
    Field laterConstant(final int number)
    {
        return constantFields.get(constants.find(later.get(number)));
    }

    List<ObjectForm> forms()
    {
        return forms;
    }

    /** How an object that has been found is written where it is referred to. */
    int reference(final Object object)
    {
        if (object == null)
        {
            return Reference.NULL;
        }
        final int fixedNumber = fixed.find(object);
        if (fixedNumber != ObjectNumbers.UNKNOWN)
        {
            return Reference.toFixed(fixedNumber);
        }
        final Integer value = values.get(valueKey(object));
        return Reference.toLater(value != null ? value : later.find(object));
    }

    private Object valueKey(final Object object)
    {
        final ObjectForm form = fixed.form(object.getClass());
        return form != null && form.kind.isByValue() ? object : this;
    }

    private void find(final Object object)
    {
        if (object == null)
        {
            return;
        }
        if (borrowed.find(object) != ObjectNumbers.UNKNOWN)
        {
            throw new UnknownStateException("what is only borrowed: " + path(object));
        }
        final int fixedNumber = fixed.find(object);
        if (fixedNumber != ObjectNumbers.UNKNOWN)
        {
            if (!reached.get(fixedNumber) && !fixed.isShared(fixedNumber))
            {
                reached.set(fixedNumber);
                order(Reference.toFixed(fixedNumber));
            }
            return;
        }
        final ObjectForm form = fixed.form(object.getClass());
        noteConstants(form);
        if (form == null || !form.kind.mayComeLater() && constants.find(object) == ObjectNumbers.UNKNOWN)
        {
            throw new UnknownStateException(path(object));
        }
        if (form.kind.isByValue())
        {
            if (!values.containsKey(object))
            {
                values.put(object, later.size());
                add(object, formIndex(form));
            }
        }
        else if (later.find(object) == ObjectNumbers.UNKNOWN)
        {
            final boolean isConstant = constants.find(object) != ObjectNumbers.UNKNOWN;
            add(object, isConstant ? -1 : formIndex(form));
            if (!isConstant)
            {
                order(Reference.toLater(later.size() - 1));
            }
        }
    }

    private void add(final Object object, final int formIndex)
    {
        if (later.size() == LIMIT_OBJECTS)
        {
            throw new UnknownStateException("more than " + LIMIT_OBJECTS + " objects");
        }
        if (later.size() == formOf.length)
        {
            formOf = Arrays.copyOf(formOf, formOf.length * 2);
        }
        formOf[later.size()] = formIndex;
        later.add(object);
    }

    private void order(final int reference)
    {
        if (ordered == order.length)
        {
            order = Arrays.copyOf(order, ordered * 2);
            foundBehind = Arrays.copyOf(foundBehind, ordered * 2);
        }
        foundBehind[ordered] = current;
        order[ordered++] = reference;
    }

    private int formIndex(final ObjectForm form)
    {
        final Integer known = formIndexes.get(form.imageName());
        if (known != null)
        {
            return known;
        }
        final int index = forms.size();
        formIndexes.put(form.imageName(), index);
        forms.add(form);
        return index;
    }

    private void noteConstants(final ObjectForm form)
    {
        if (form == null || !noted.add(form))
        {
            return;
        }
        for (final Field field : form.constants)
        {
            final Object constant = References.read(field, null);
            if (constant != null && fixed.find(constant) == ObjectNumbers.UNKNOWN &&
                constants.find(constant) == ObjectNumbers.UNKNOWN)
            {
                constants.add(constant);
                constantFields.add(field);
            }
        }
    }

    private String path(final Object object)
    {
        final StringBuilder path = new StringBuilder(object.getClass().getName());
        for (int at = current; at != ObjectNumbers.UNKNOWN; at = foundBehind[at])
        {
            path.append(" behind ").append(objectAt(at).getClass().getName());
        }
        return path.toString();
    }
}
