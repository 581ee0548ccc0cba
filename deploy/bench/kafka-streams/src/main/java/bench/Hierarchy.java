package bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The sub-region of each municipality, and the province of all. */
record Hierarchy(Map<String, String> regions, String province) {
    boolean knows(String municipality) {
        return regions.containsKey(municipality);
    }

    String regionOf(String municipality) {
        return regions.get(municipality);
    }

    static Hierarchy read(File file) throws IOException {
        Map<String, String> regions = new HashMap<>();
        String province = null;
        try (JsonParser json = new JsonFactory().createParser(file)) {
            json.nextToken();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                switch (name) {
                    case "province" -> province = json.nextTextValue();
                    case "municipalities" -> {
                        json.nextToken();
                        for (String code = json.nextFieldName(); code != null; code = json.nextFieldName()) {
                            regions.put(code, json.nextTextValue());
                        }
                    }
                    default -> {
                        if (json.nextToken() == JsonToken.START_OBJECT) {
                            json.skipChildren();
                        }
                    }
                }
            }
        }
        return new Hierarchy(regions, province);
    }
}
