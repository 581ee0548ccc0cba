package bench;

import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    static Hierarchy read(Path file) throws IOException {
        JSONObject hierarchy = JSON.parseObject(Files.readAllBytes(file));
        Map<String, String> regions = new HashMap<>();
        hierarchy.getJSONObject("municipalities").forEach((code, region) -> regions.put(code, region.toString()));
        return new Hierarchy(regions, hierarchy.getString("province"));
    }
}
