// The front: everything that is played.
import QtQuick
import QtQuick.Layouts

RowLayout {
    id: page
    property alias song: songPanel
    property alias lanes: middle
    property alias shelf: shelf
    spacing: Theme.gap
    SongPanel { id: songPanel; Layout.preferredWidth: 296; Layout.fillWidth: false; Layout.fillHeight: true }
    ColumnLayout {
        spacing: Theme.gap
        Ruler {
            Layout.fillWidth: true
            Layout.preferredHeight: 28
            Layout.leftMargin: 140
            Layout.rightMargin: 56 * 3 + 40 + Theme.gap * 6
        }
        ColumnLayout {
            id: middle
            spacing: 6
            Repeater {
                model: controls.stems
                Lane { required property string modelData; stem: modelData; Layout.fillWidth: true; Layout.fillHeight: true; Layout.minimumHeight: 72 }
            }
        }
        KeysStrip { Layout.fillWidth: true }
        HarmonyRow { Layout.fillWidth: true }
        TakesShelf { id: shelf; Layout.fillWidth: true }
    }
}
