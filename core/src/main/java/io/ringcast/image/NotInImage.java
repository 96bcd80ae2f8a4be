package io.ringcast.image;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Is no state that goes on. Objects of such a class are only known by their place and have to be there from the
 * beginning; such a field stays as it is in a new object, and nobody looks behind it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface NotInImage
{
    /**
     * Why it may be left out.
     *
     * @return half a sentence.
     */
    String value();
}
