// What the song is made of: styles, how full, how bright, how varied, which one; and scenes of all that.
import QtQuick
import QtQuick.Layouts

Surface {
    id: song
    readonly property var seed: controls.item("seed")
    property var seeds: []

    function dice() {
        seeds = seeds.slice(-30).concat([seed.value]);
        seed.move(Math.floor(Math.random() * 100000));
    }
    function back() {
        if (seeds.length) {
            const before = seeds[seeds.length - 1];
            seeds = seeds.slice(0, -1);
            seed.move(before);
        }
    }
    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.padding
        spacing: Theme.gap
        RowLayout {
            Caption { text: qsTr("styles"); Layout.fillWidth: true }
            Button {
                objectName: "drift"
                text: qsTr("drift")
                compact: true
                tint: pad.drifting ? Theme.accent : Theme.raised
                ink: pad.drifting ? Theme.ground : Theme.text
                tip: qsTr("the puck moves by itself, slowly")
                onClicked: pad.drifting = !pad.drifting
            }
        }
        MorphPad { id: pad; objectName: "morph"; names: styles.names; Layout.fillWidth: true; Layout.fillHeight: true }
        RowLayout {
            Layout.fillWidth: true
            Knob { item: controls.item("density"); label: qsTr("density"); size: 48; Layout.fillWidth: true }
            Knob { item: controls.item("brightness"); label: qsTr("bright"); size: 48; Layout.fillWidth: true }
            Knob { item: controls.item("variation"); label: qsTr("variation"); size: 48; Layout.fillWidth: true }
            Knob { item: controls.item("motion"); label: qsTr("motion"); size: 48; Layout.fillWidth: true }
        }
        RowLayout {
            spacing: 6
            Caption { text: qsTr("song") }
            Field { objectName: "seed"; item: song.seed; menu: true; Layout.fillWidth: true }
            IconButton { objectName: "dice"; path: Icons.dice; tip: qsTr("another song"); keys: "D"; onClicked: song.dice() }
            IconButton { objectName: "back"; path: Icons.back; filled: false; enabled: song.seeds.length > 0; tip: qsTr("the song before"); onClicked: song.back() }
        }
        CueRow { Layout.fillWidth: true }
        ScenePads { Layout.fillWidth: true }
    }
}
