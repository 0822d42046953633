package dev.rekey.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;

/** Small documents, read so that what is absent or of another type is empty; gson's own texts may quote what they read. */
final class Json {
    private Json() {}

    /** Empty where {@code text} is no JSON object. */
    static JsonObject object(String text) {
        try {
            JsonElement parsed = JsonParser.parseString(text);
            return parsed.isJsonObject() ? parsed.getAsJsonObject() : new JsonObject();
        } catch (JsonParseException | StackOverflowError e) {
            return new JsonObject();
        }
    }

    static JsonObject child(JsonObject parent, String... path) {
        JsonObject at = parent;
        for (String name : path) {
            JsonElement next = at.get(name);
            at = next != null && next.isJsonObject() ? next.getAsJsonObject() : new JsonObject();
        }
        return at;
    }

    static String text(JsonObject parent, String name) {
        JsonElement found = parent.get(name);
        return found != null && found.isJsonPrimitive() ? found.getAsString() : "";
    }

    static boolean flag(JsonObject parent, String name) {
        return text(parent, name).equals("true");
    }

    /** The objects in the list {@code name}. */
    static List<JsonObject> objects(JsonObject parent, String name) {
        List<JsonObject> objects = new ArrayList<>();
        for (JsonElement element : list(parent, name)) {
            if (element.isJsonObject()) {
                objects.add(element.getAsJsonObject());
            }
        }
        return objects;
    }

    /** The plain values in the list {@code name}. */
    static List<String> texts(JsonObject parent, String name) {
        List<String> texts = new ArrayList<>();
        for (JsonElement element : list(parent, name)) {
            if (element.isJsonPrimitive()) {
                texts.add(element.getAsString());
            }
        }
        return texts;
    }

    private static JsonArray list(JsonObject parent, String name) {
        JsonElement found = parent.get(name);
        return found != null && found.isJsonArray() ? found.getAsJsonArray() : new JsonArray();
    }
}
